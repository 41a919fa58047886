import type { ASTNode } from '@marcbachmann/cel-js';
import { type Compiled, compile, logicOf } from './cel.ts';
import { operandsOf } from './looks.ts';
import { writtenOf } from './written.ts';

/** Something that a macro asks of the items of a list or mapping. */
export interface Asked {
  /** As it stands in the macro. */
  readonly text: string;
  /** Whether it is so of one of the items: this can be evaluated where the macro can. */
  readonly ofOne: Compiled;
}

/** Macros that ask something of each item. Source: the specification of CEL, on macros. */
const macros = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/**
 * What is joined by `||` in the macros of an expression, and the opposite of what is joined by `&&`: whichever way a macro is
 * meant, one of these can decide by itself.
 */
export function askedInMacros(node: ASTNode, wrapped: (text: string) => string = (text) => text): Asked[] {
  const body = macroOf(node);
  if (body === undefined) return operandsOf(node).flatMap((one) => askedInMacros(one, wrapped));
  const inside = (text: string) => wrapped(`(${body.of}).exists(${body.name}, ${text})`);
  return [
    ...askedInMacros(body.list, wrapped),
    ...joinedIn(body.condition, inside),
    ...askedInMacros(body.condition, inside),
  ];
}

function joinedIn(node: ASTNode, inside: (text: string) => string): Asked[] {
  const logic = logicOf(node);
  if (logic === undefined) return [];
  return operandsOf(node).flatMap((one) => {
    const text = writtenOf(one);
    const isJoined = logic === '||' || logic === '&&';
    const own = isJoined ? [{ text, ofOne: compile(inside(logic === '||' ? text : `!(${text})`)) }] : [];
    return [...own, ...joinedIn(one, inside)];
  });
}

function macroOf({ op, args }: ASTNode) {
  if (op !== 'rcall' || !macros.has(args[0])) return undefined;
  const [, list, [name, condition]] = args;
  return name?.op === 'id' && condition !== undefined
    ? { list, of: writtenOf(list), name: name.args, condition }
    : undefined;
}
