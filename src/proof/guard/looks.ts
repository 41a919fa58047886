import type { ASTNode } from '@marcbachmann/cel-js';

/** Somewhere in a request where an expression looks. */
export interface Look {
  /** One of the names that expressions are given, and the fields that are asked for behind it. */
  readonly path: readonly string[];
  /** Whether it looks at what is there, at the keys of that alone, or only whether there is something. */
  readonly at: 'value' | 'keys' | 'presence';
}

/** The names of what expressions can look at. */
export const given: ReadonlySet<string> = new Set([
  'object',
  'oldObject',
  'request',
  'namespaceObject',
  'variables',
  'authorizer',
  'params',
]);

/** Macros that look at no more of a mapping than its keys. Source: the specification of CEL, on macros. */
const overKeys = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Where an expression looks. What it looks at as a whole it need not look into. */
export function looksOf(ast: ASTNode): Look[] {
  return withoutParts(everyLookOf(ast));
}

/** Looks without those into what others look at as a whole. */
export function withoutParts(looks: readonly Look[]): Look[] {
  const wholes = new Set(looks.filter(({ at }) => at === 'value').map(({ path }) => JSON.stringify(path)));
  const isPart = ({ path, at }: Look) =>
    path.some((_, index) => {
      const isWhole = index === path.length - 1;
      return !(isWhole && at === 'value') && wholes.has(JSON.stringify(path.slice(0, index + 1)));
    });
  return looks.filter((look) => !isPart(look));
}

/** Everywhere an expression looks, whatever else it looks at. */
export function everyLookOf(ast: ASTNode): Look[] {
  const looks = new Map<string, Look>();
  const add = (path: readonly string[], at: Look['at']) => {
    if (given.has(path[0] ?? '')) looks.set(JSON.stringify([at, ...path]), { path, at });
  };
  const collect = (node: ASTNode) => {
    const path = pathOf(node);
    if (path !== undefined) {
      add(path, 'value');
      return;
    }
    const [operands, partly] = withoutPartly(node);
    for (const { path, at } of partly) add(path, at);
    for (const operand of operands) collect(operand);
  };
  collect(ast);
  return [...looks.values()];
}

/** The operands of a node, without those that it looks at in part only. */
function withoutPartly(node: ASTNode): [operands: readonly ASTNode[], looks: readonly Look[]] {
  const operands = operandsOf(node);
  const [first, second] = operands;
  const path = first && pathOf(first);
  if (node.op === 'call' && node.args[0] === 'has' && path !== undefined)
    return [[], [{ path, at: 'presence' }]];
  if (node.op === 'rcall' && overKeys.has(node.args[0]) && path !== undefined)
    return [operands.slice(1), [{ path, at: 'keys' }]];
  const inside = second && pathOf(second);
  if (node.op === 'in' && first?.op === 'value' && typeof first.args === 'string' && inside !== undefined)
    return [[], [{ path: [...inside, first.args], at: 'presence' }]];
  return [operands, []];
}

/** A name with the fields that are asked for behind it; undefined for anything else. */
function pathOf(node: ASTNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '.?') return undefined;
  const [of, field] = node.args;
  const path = pathOf(of);
  return path && [...path, field];
}

/** The nodes that a node is put together from. */
export function operandsOf({ args }: ASTNode): ASTNode[] {
  const found: ASTNode[] = [];
  addNodes(args, found);
  return found;
}

function addNodes(args: unknown, found: ASTNode[]): void {
  if (Array.isArray(args)) for (const one of args) addNodes(one, found);
  else if (isNode(args)) found.push(args);
}

/** Whether something in a node is a node itself. */
export function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}
