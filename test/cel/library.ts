import type { ASTNode } from '@marcbachmann/cel-js';
import { askGo } from '../support/go-program.ts';

/** An expression, and what it sees. Without variables it is read alone. */
export interface Question {
  readonly text: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What the library of the API server makes of an expression; see test/apiserver/server/cel. */
export interface Answer {
  readonly read?: string;
  readonly refused?: string;
  readonly failed?: string;
  readonly value?: unknown;
}

/** Asks the library of the API server. */
export function askLibrary(questions: readonly Question[]): Answer[] {
  return askGo('cel', questions);
}

/** What the library calls operators that are not called like `_+_`. */
const names = new Map([
  ['[]', '_[_]'],
  ['[?]', '_[?_]'],
  ['?:', '_?_:_'],
  ['in', '@in'],
]);

/** A node as that library writes it. */
export function written(node: ASTNode): string {
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return node.args;
    case '-_':
      return literal(-(node.args as { args: number }).args);
    case '!_':
      return bracketed(node.op, [written(node.args)]);
    case '.':
      return bracketed('.', [written(node.args[0]), node.args[1]]);
    case '.?':
      return bracketed('_?._', [written(node.args[0]), literal(node.args[1])]);
    case 'call':
      return bracketed(node.args[0], node.args[1].map(written));
    case 'rcall':
      return bracketed(`.${node.args[0]}`, [node.args[1], ...node.args[2]].map(written));
    case 'list':
      return bracketed('list', node.args.map(written));
    case 'map':
      return bracketed('map', node.args.flat().map(written));
    default:
      return bracketed(names.get(node.op) ?? `_${node.op}_`, joinedAlike(node).map(written));
  }
}

function joinedAlike({ op, args }: ASTNode): ASTNode[] {
  const isJoined = op === '&&' || op === '||';
  return (args as ASTNode[]).flatMap((one) => (isJoined && one.op === op ? joinedAlike(one) : [one]));
}

function bracketed(name: string, operands: readonly string[]): string {
  return `(${[name, ...operands].join(' ')})`;
}

function literal(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).replace(/[<>&]/g, escaped);
  if (typeof value === 'number') return `double ${value}`;
  if (value instanceof Uint8Array) return `bytes [${value.join(' ')}]`;
  if (typeof value === 'object' && value !== null) return `${(value as { value: bigint }).value}u`;
  return String(value);
}

/** Go writes these so. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
