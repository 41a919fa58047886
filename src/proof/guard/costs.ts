import type { ASTNode } from '@marcbachmann/cel-js';
import { operandsOf } from './looks.ts';

/** Macros that evaluate something for each item. Source: the specification of CEL, on macros. */
const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Two deep, lists of a hundred items each stay far below the limit; three deep, they are far above it. */
const deepest = 2;

/**
 * The API server gives an expression 1,000,000 units, and all conditions of a policy together 2,500,000. A question to the
 * authorizer costs 350,000.
 *
 * Source: k8s.io/apiserver, pkg/apis/cel and pkg/cel/library/cost.go.
 */
const mostQuestions = { ofExpression: 2, ofPolicy: 7 } as const;

/** Why evaluating an expression may cost more than the API server spends on one, so that it refuses the request. */
export function costlyIn(ast: ASTNode): readonly string[] {
  return [
    ...(depthOf(ast) > deepest ? ['a macro in a macro in a macro'] : []),
    ...(questionsIn(ast) > mostQuestions.ofExpression ? ['asking the authorizer so often'] : []),
  ];
}

/** Whether expressions of one policy ask the authorizer more often than the API server spends on a policy. */
export function askTooOften(asts: readonly ASTNode[]): boolean {
  return asts.reduce((sum, ast) => sum + questionsIn(ast), 0) > mostQuestions.ofPolicy;
}

/** How deep macros stand in what others evaluate for each item. */
function depthOf(node: ASTNode): number {
  const [of, ...inside] = operandsOf(node).map(depthOf);
  const deepestInside = Math.max(0, ...inside);
  return Math.max(of ?? 0, deepestInside + (isLoop(node) ? 1 : 0));
}

/** How often the authorizer is asked; in a macro there is no saying how often. */
function questionsIn(node: ASTNode): number {
  const { op, args } = node;
  const [of = 0, ...inside] = operandsOf(node).map(questionsIn);
  const sum = inside.reduce((one, other) => one + other, 0);
  const own = op === 'rcall' && args[0] === 'check' ? 1 : 0;
  return of + own + (isLoop(node) && sum > 0 ? Number.POSITIVE_INFINITY : sum);
}

function isLoop({ op, args }: ASTNode): boolean {
  return op === 'rcall' && loops.has(args[0]);
}
