import type { ASTNode } from '@marcbachmann/cel-js';
import { looksOf, operandsOf } from './looks.ts';

/**
 * What an expression counts, beside whether there is any of it: paths, an empty one where nothing of the request stands
 * there. A tenant may have as many of most things as it likes, and of few things do forgeries have as many as a policy
 * names.
 */
export function countedIn(node: ASTNode): (readonly string[])[] {
  const sizes = isAgainstNone(node) ? sizesIn(node) : undefined;
  const own = isSize(node) ? pathsIn(countedBy(node)) : [];
  const inside = sizes === undefined ? operandsOf(node) : sizes.map(countedBy);
  return [...own, ...inside.flatMap(countedIn)];
}

const comparing = new Set(['==', '!=', '<', '<=', '>', '>=']);

function isAgainstNone({ op, args }: ASTNode): boolean {
  return comparing.has(op) && (args as readonly ASTNode[]).some(isNone);
}

function isNone({ op, args }: ASTNode): boolean {
  return op === 'value' && Number(args) === 0;
}

/** The sizes that a comparison with 0 adds up; undefined where it holds anything else. */
function sizesIn(node: ASTNode): ASTNode[] | undefined {
  if (isNone(node)) return [];
  if (isSize(node)) return [node];
  if (node.op !== '+' && !comparing.has(node.op)) return undefined;
  const found = operandsOf(node).map(sizesIn);
  return found.every((one) => one !== undefined) ? found.flat() : undefined;
}

function isSize({ op, args }: ASTNode): boolean {
  return (op === 'call' || op === 'rcall') && args[0] === 'size';
}

function pathsIn(node: ASTNode): (readonly string[])[] {
  const paths = looksOf(node).map(({ path }) => path);
  return paths.length === 0 ? [[]] : paths;
}

function countedBy(node: ASTNode): ASTNode {
  const [counted] = operandsOf(node);
  return counted ?? node;
}
