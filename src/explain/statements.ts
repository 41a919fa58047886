import type { Location } from '../findings/finding.ts';
import { appliesTo } from '../proof/iam/match.ts';
import type { Condition, Decision, Pattern, Policy, Request, Statement } from '../proof/iam/model.ts';
import { holds, operatorName } from '../proof/iam/operators.ts';
import { resolve } from '../proof/iam/pattern.ts';
import { namings } from '../proof/iam/principals.ts';
import { type SourceMap, writtenKey } from './dist-access.ts';
import type { Comparison, JudgedStatement } from './model.ts';

/** How many statements are shown where none allows. */
const mostStatements = 2;

/**
 * The statements that decided, or where nothing allowed those that came closest: about the same action and resource, with
 * the fewest conditions that fail.
 *
 * @param policies those among which the statement that allows is missing
 */
export function decidingStatements(
  decision: Decision,
  request: Request,
  policies: readonly Policy[],
  sources: SourceMap,
): JudgedStatement[] {
  const judge = (statement: Statement) => judged(statement, request, policies, sources);
  if (decision.by.length > 0) return [...new Set(decision.by)].map(judge);
  const about = policies
    .flatMap(({ statements }) => statements)
    .filter((one) => one.effect === 'Allow' && appliesTo({ ...one, conditions: [] }, request) !== false)
    .map(judge);
  const failing = ({ conditions }: JudgedStatement) => conditions.filter((one) => one.holds !== true).length;
  return about.sort((a, b) => failing(a) - failing(b)).slice(0, mostStatements);
}

function judged(
  statement: Statement,
  request: Request,
  policies: readonly Policy[],
  sources: SourceMap,
): JudgedStatement {
  const { sid, effect, principals, conditions, location } = statement;
  const own = policies.find(({ statements }) => statements.includes(statement));
  const isNamed = principals === undefined || namings(principals, request.principal).size > 0;
  return {
    name: sid ?? `statement ${(own?.statements.indexOf(statement) ?? 0) + 1}`,
    effect,
    location,
    conditions: [
      ...(isNamed ? [] : [principalComparison(principals, request)]),
      ...conditions.map((condition) => comparison(condition, request, sources)),
    ],
  };
}

function principalComparison(
  principals: readonly { readonly value: string; readonly location: Location }[],
  { principal }: Request,
): Comparison {
  const names = principals.map(({ value }) => value);
  const who =
    principal.type === 'session'
      ? principal.role
      : principal.type === 'federated'
        ? principal.provider
        : principal.type === 'service'
          ? principal.name
          : principal.account;
  return { key: 'Principal', operator: 'is', request: who, wanted: names, written: names, holds: false };
}

function comparison(condition: Condition, request: Request, sources: SourceMap): Comparison {
  const { values } = condition;
  const value = request.context.get(condition.key) ?? undefined;
  const answer = holds(condition, request);
  return {
    key: writtenKey(condition, sources),
    operator: operatorName(condition),
    ...(value !== undefined && { request: value }),
    wanted: values.map((pattern) => filledIn(pattern, request)),
    written: values.map(({ source }) => source),
    ...(answer !== undefined && { holds: answer }),
  };
}

function filledIn(pattern: Pattern, { context }: Request): string | null {
  const glob = resolve(pattern, context);
  if (glob === undefined) return null;
  return glob.map((part) => (part.type === 'text' ? part.text : part.type === 'any' ? '*' : '?')).join('');
}
