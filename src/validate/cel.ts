import { Environment } from '@marcbachmann/cel-js';
import type { Path } from '../findings/finding.ts';
import { formatPath, isObject, type Problem } from './manifest.ts';
import type { Rule, Structural } from './structural.ts';

/** Evaluates the rules of a schema on an object whose defaults are filled in and whose schema is met. */
export type CelCheck = (object: unknown, path?: Path) => Problem[];

type Expression = (variables: Readonly<Record<string, unknown>>) => unknown;

const environment = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
}).registerVariable('self', 'dyn');

/**
 * Compiles the `x-kubernetes-validations` of a schema; nothing when there are none from here down.
 *
 * A rule that compares with `oldSelf` is left out: the API server evaluates it on updates only, and a manifest says
 * nothing of what stood there before. A rule that cannot be compiled or evaluated here is reported where it applies,
 * never passed over.
 */
export function compileRules(node: Structural): CelCheck | undefined {
  const own = node.rules
    .filter(({ rule }) => !/\boldSelf\b/.test(rule))
    .map((rule) => compileRule(rule, node));
  const fields = [...(node.properties ?? [])].flatMap(([name, child]) => {
    const check = compileRules(child);
    return check ? [[name, check] as const] : [];
  });
  const entries = typeof node.additional === 'object' ? compileRules(node.additional) : undefined;
  const list = node.items && compileRules(node.items);
  if (own.length + fields.length === 0 && !entries && !list) return undefined;
  return (value, path = []) => {
    if (value === null || value === undefined) return [];
    const problems = own.flatMap((check) => check(value, path));
    if (Array.isArray(value)) {
      if (list) for (const [index, entry] of value.entries()) problems.push(...list(entry, [...path, index]));
    } else if (isObject(value)) {
      for (const [name, check] of fields) {
        if (Object.hasOwn(value, name)) problems.push(...check(value[name], [...path, name]));
      }
      if (entries)
        for (const [name, entry] of Object.entries(value)) problems.push(...entries(entry, [...path, name]));
    }
    return problems;
  };
}

function compileRule(rule: Rule, node: Structural): (value: unknown, path: Path) => Problem[] {
  let expression: Expression | undefined;
  return (value, path) => {
    try {
      expression ??= environment.parse(rule.rule);
      const self = toCel(node, value);
      if (expression({ self }) === true) return [];
      return [broken(rule, self, path)];
    } catch (problem) {
      return [notJudged(rule, path, problem)];
    }
  };
}

function broken(rule: Rule, self: unknown, path: Path): Problem {
  const message =
    rule.message?.trim() ?? messageFrom(rule.messageExpression, self) ?? 'a validation rule does not hold';
  return {
    rule: 'cel-rule',
    message: `${formatPath(path)}: ${message}`,
    allowed: `what satisfies ${oneLine(rule.rule)}`,
    path: fieldPathOf(rule, path),
  };
}

function messageFrom(expression: string | undefined, self: unknown): string | undefined {
  if (expression === undefined) return undefined;
  const message = environment.parse(expression)({ self });
  return typeof message === 'string' ? message : undefined;
}

/** `fieldPath` is a JSON path of plain names, such as `.auth.jwt`. */
function fieldPathOf({ fieldPath }: Rule, path: Path): Path {
  return fieldPath ? [...path, ...fieldPath.split('.').filter((step) => step !== '')] : path;
}

function notJudged(rule: Rule, path: Path, problem: unknown): Problem {
  const why = problem instanceof Error ? problem.message.split('\n', 1)[0] : String(problem);
  return {
    rule: 'cel-rule',
    message: `${formatPath(path)}: a validation rule cannot be judged: ${why}`,
    allowed: `what satisfies ${oneLine(rule.rule)}`,
    path,
  };
}

function oneLine(rule: string): string {
  return rule.trim().replace(/\s+/g, ' ');
}

/** Names that CEL reserves, which Kubernetes lets rules write with underscores around them. */
const reserved = new Set(
  'as break const continue else false for function if import in let loop null package namespace return true var void while'.split(
    ' ',
  ),
);

/**
 * A value as CEL sees it: whole numbers as `int`, and fields by the names that rules can write.
 *
 * Source: "Escaping" and the table of types in the Kubernetes documentation of validation rules.
 */
function toCel(node: Structural | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => toCel(node?.items, entry));
  if (node?.type === 'integer' && Number.isInteger(value)) return BigInt(value as number);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, entry]) => {
    const property = node?.properties?.get(name);
    const additional = typeof node?.additional === 'object' ? node.additional : undefined;
    return [property ? escaped(name) : name, toCel(property ?? additional, entry)] as const;
  });
  return Object.fromEntries(entries);
}

function escaped(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}
