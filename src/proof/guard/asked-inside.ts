import type { ASTNode } from '@marcbachmann/cel-js';
import { type Compiled, compile, logicOf } from './cel.ts';
import { operandsOf } from './looks.ts';
import { writtenOf } from './written.ts';

/** Something that is asked inside an expression: of the items of a list or mapping, or to be compared. */
export interface Asked {
  /** As it stands there. */
  readonly text: string;
  /** Whether it is so, in a macro of one of the items: this can be evaluated where the expression can. */
  readonly ofOne: Compiled;
}

/** Macros that ask something of each item. Source: the specification of CEL, on macros. */
const macros = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/**
 * What can decide by itself inside an expression, where `Expression.operands` do not reach: in macros what is joined by `||`,
 * and the opposite of what is joined by `&&`, whichever way a macro is meant; the same in what is compared, looked among or
 * chosen by, and that as well, both ways.
 */
export function askedInside(node: ASTNode, wrapped: (text: string) => string = (text) => text): Asked[] {
  const body = macroOf(node);
  if (body === undefined) {
    const isLogic = logicOf(node) !== undefined;
    return operandsOf(node).flatMap((one) => [
      ...(isLogic ? [] : eitherWay(one, wrapped)),
      ...askedInside(one, wrapped),
    ]);
  }
  const { list, name, condition } = body;
  const inside = (text: string) => wrapped(`(${writtenOf(list)}).exists(${name}, ${text})`);
  return [...askedInside(list, wrapped), ...joinedIn(condition, inside), ...askedInside(condition, inside)];
}

function eitherWay(node: ASTNode, inside: (text: string) => string): Asked[] {
  if (logicOf(node) === undefined) return [];
  return [asked(node, inside), asked(node, (text) => inside(`!(${text})`)), ...joinedIn(node, inside)];
}

function joinedIn(node: ASTNode, inside: (text: string) => string): Asked[] {
  const logic = logicOf(node);
  if (logic === undefined) return [];
  const way = logic === '&&' ? (text: string) => inside(`!(${text})`) : inside;
  const isJoined = logic === '&&' || logic === '||';
  return operandsOf(node).flatMap((one) => [
    ...(isJoined ? [asked(one, way)] : []),
    ...joinedIn(one, inside),
  ]);
}

function asked(node: ASTNode, inside: (text: string) => string): Asked {
  const text = writtenOf(node);
  return { text, ofOne: compile(inside(text)) };
}

function macroOf({ op, args }: ASTNode) {
  if (op !== 'rcall' || !macros.has(args[0])) return undefined;
  const [, list, [name, condition]] = args;
  return name?.op === 'id' && condition !== undefined ? { list, name: name.args, condition } : undefined;
}
