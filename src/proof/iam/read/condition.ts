import { nearest } from '../../../findings/nearest.ts';
import type { JsonEntry, JsonNode, JsonObject } from '../../json/node.ts';
import { arnParts, splitGlob } from '../arn.ts';
import { type ConditionKey, conditionKey, conditionKeyNames, isTokenClaim, nearestKey } from '../keys.ts';
import type { Condition, Operator, Pattern, PolicyKind } from '../model.ts';
import { type PatternSyntax, parsePattern } from '../pattern.ts';
import { nameOf, type Report } from './report.ts';

/** What decides how texts of a document are read. */
export interface DocumentStyle {
  readonly kind: PolicyKind;
  /** Only documents of version 2012-10-17 have variables; in others `${…}` is plain text. */
  readonly hasVariables: boolean;
}

/** For which keys an operator is, and what its values may hold. */
const operators: Readonly<Record<Operator, { readonly type: string; readonly syntax: PatternSyntax }>> = {
  StringEquals: { type: 'string', syntax: { wildcards: false, variables: true } },
  StringNotEquals: { type: 'string', syntax: { wildcards: false, variables: true } },
  StringEqualsIgnoreCase: { type: 'string', syntax: { wildcards: false, variables: true } },
  StringNotEqualsIgnoreCase: { type: 'string', syntax: { wildcards: false, variables: true } },
  StringLike: { type: 'string', syntax: { wildcards: true, variables: true } },
  StringNotLike: { type: 'string', syntax: { wildcards: true, variables: true } },
  ArnEquals: { type: 'arn', syntax: { wildcards: true, variables: true } },
  ArnNotEquals: { type: 'arn', syntax: { wildcards: true, variables: true } },
  ArnLike: { type: 'arn', syntax: { wildcards: true, variables: true } },
  ArnNotLike: { type: 'arn', syntax: { wildcards: true, variables: true } },
  Bool: { type: 'bool', syntax: { wildcards: false, variables: false } },
  Null: { type: 'null', syntax: { wildcards: false, variables: false } },
};

const allowedOperators = `${Object.keys(operators).join(', ')}, with ForAllValues: or ForAnyValue: in front, IfExists behind`;
const allowedKeys = conditionKeyNames.join(', ');

/** Reads a Condition element. What it holds must all be known: one key that is not would change the whole answer. */
export function readConditions({ value }: JsonEntry, style: DocumentStyle, report: Report): Condition[] {
  if (value.type !== 'object') {
    report.syntax(value.location, `"Condition" is ${nameOf(value)}`, 'an object of condition operators');
    return [];
  }
  return value.entries.flatMap((block) => {
    const operator = readOperator(block, report);
    if (block.value.type !== 'object') {
      const message = `"${block.key}" is ${nameOf(block.value)}`;
      report.syntax(block.value.location, message, 'an object of condition keys');
      return [];
    }
    if (operator === undefined) return [];
    reportEqualKeys(block.value, report);
    return block.value.entries.flatMap((entry) => readKey(entry, operator, style, report) ?? []);
  });
}

/** Case does not count in condition keys. Whether one that stands twice has to hold twice, or one counts, AWS does not say. */
function reportEqualKeys({ entries }: JsonObject, report: Report): void {
  const known = new Set<string>();
  for (const { key, location } of entries) {
    if (known.has(key.toLowerCase()))
      report.unknown(
        location,
        `the condition key "${key}" stands here twice, but for its case`,
        'each key once',
      );
    known.add(key.toLowerCase());
  }
}

type OperatorParts = Pick<Condition, 'operator' | 'quantifier' | 'ifExists'>;

function readOperator({ key, location }: JsonEntry, report: Report): OperatorParts | undefined {
  const [, prefix, name = '', suffix = ''] = /^(?:(.*?):)?(.*?)(IfExists)?$/s.exec(key) ?? [];
  const operator = Object.keys(operators).find((one): one is Operator => one === name);
  const isQuantified = prefix === 'ForAllValues' || prefix === 'ForAnyValue';
  if (operator === undefined || (prefix !== undefined && !isQuantified)) {
    const near = nearest(key, allSpellings());
    report.unknown(location, `the condition operator "${key}" is not known here`, allowedOperators, near);
    return undefined;
  }
  if (operator === 'Null' && (suffix !== '' || isQuantified)) {
    report.syntax(location, `"${key}": Null stands alone`, 'Null');
    return undefined;
  }
  if (prefix === 'ForAnyValue' && suffix !== '') {
    const message = `"${key}": AWS does not document what IfExists means behind ForAnyValue`;
    report.unknown(location, message, 'ForAnyValue without IfExists');
    return undefined;
  }
  return { operator, ...(isQuantified && { quantifier: prefix }), ifExists: suffix !== '' };
}

function allSpellings(): string[] {
  const names = Object.keys(operators);
  const single = names.flatMap((name) => [name, `${name}IfExists`]);
  return [...single, ...single.flatMap((name) => [`ForAllValues:${name}`, `ForAnyValue:${name}`])];
}

function readKey(
  entry: JsonEntry,
  operator: OperatorParts,
  style: DocumentStyle,
  report: Report,
): Condition | undefined {
  const known = knownKey(entry.key, style);
  if (known === undefined) {
    const message = `no request here has the condition key "${entry.key}"`;
    report.unknown(entry.location, message, allowedKeys, nearestKey(entry.key));
    return undefined;
  }
  if (!fits(entry, known, operator, report)) return undefined;
  const values = readValues(entry, operator.operator, style, report);
  return values && { ...operator, key: entry.key.toLowerCase(), values, location: entry.location };
}

/** A token's claims are keys of the request that shows the token, which only a trust policy is asked about. */
function knownKey(key: string, { kind }: DocumentStyle): ConditionKey | undefined {
  return isTokenClaim(key) && kind !== 'trust' ? undefined : conditionKey(key);
}

function fits(
  entry: JsonEntry,
  key: ConditionKey,
  { operator, quantifier }: OperatorParts,
  report: Report,
): boolean {
  const { type } = operators[operator];
  // String operators work on ARNs too. AWS says nothing of Arn operators on other texts, or of Bool on them.
  const isOfType = type === 'null' || type === key.type || (type === 'string' && key.type === 'arn');
  if (!isOfType) {
    const message = `"${operator}" is not for "${entry.key}", whose values are of type ${key.type}`;
    report.unknown(entry.location, message, `an operator for ${key.type}`);
  }
  const isSet = quantifier !== undefined || operator === 'Null' || !key.many;
  if (!isSet) {
    const message = `"${entry.key}" has several values in a request`;
    report.unknown(entry.location, message, `ForAllValues:${operator} or ForAnyValue:${operator}`);
  }
  return isOfType && isSet;
}

function readValues(
  { key, value }: JsonEntry,
  operator: Operator,
  style: DocumentStyle,
  report: Report,
): Pattern[] | undefined {
  const items = value.type === 'array' ? value.items : [value];
  if (items.length === 0) {
    report.syntax(value.location, `"${key}" has an empty list of values`, 'at least one value');
    return undefined;
  }
  const patterns = items.map((item) => readValue(item, operator, style, report));
  const read = patterns.filter((pattern) => pattern !== undefined);
  return read.length === items.length ? read : undefined;
}

function readValue(
  node: JsonNode,
  operator: Operator,
  style: DocumentStyle,
  report: Report,
): Pattern | undefined {
  const { type, syntax } = operators[operator];
  if (node.type === 'number') {
    // CloudFormation writes large ones as 1.2E11.
    report.unknown(node.location, `the number ${node.value} as a condition value`, 'a text');
    return undefined;
  }
  if (node.type !== 'string' && node.type !== 'boolean') {
    report.syntax(node.location, `a condition value is ${nameOf(node)}`, 'a text, or a list of texts');
    return undefined;
  }
  const source = String(node.value);
  // In which other case AWS takes them it does not say, and readers of policies differ in it.
  if ((type === 'bool' || type === 'null') && source !== 'true' && source !== 'false') {
    report.unknown(node.location, `"${source}" as a value of ${operator}`, '"true" or "false"');
    return undefined;
  }
  const pattern = readPattern(
    source,
    { ...syntax, variables: syntax.variables && style.hasVariables },
    node,
    report,
  );
  if (type !== 'arn' || pattern === undefined || isArnPattern(pattern)) return pattern;
  report.unknown(
    node.location,
    `"${source}" is no ARN, which ${operator} compares part by part`,
    'arn: and five more parts, variables in the last one only',
  );
  return undefined;
}

/** Whether a pattern has the parts of an ARN, and variables in the last of them only: their values may hold colons. */
function isArnPattern({ parts }: Pattern): boolean {
  const firstVariable = parts.findIndex(({ type }) => type === 'variable');
  const head = firstVariable < 0 ? parts : parts.slice(0, firstVariable);
  const glob = head.filter((part) => part.type !== 'variable');
  const [first] = glob;
  return splitGlob(glob).length === arnParts && first?.type === 'text' && first.text.startsWith('arn:');
}

/** A text with its wildcards and variables; undefined, and reported, when a variable is not known. */
export function readPattern(
  source: string,
  syntax: PatternSyntax,
  node: JsonNode,
  report: Report,
): Pattern | undefined {
  const pattern = parsePattern(source, syntax, node.location);
  if ('text' in pattern) {
    const allowed = `\${key}, \${key, 'default'}, \${*}, \${?} or \${$}`;
    report.unknown(node.location, `"${pattern.text}" is not understood`, allowed);
    return undefined;
  }
  const variables = pattern.parts.filter((part) => part.type === 'variable');
  const bad = variables.find(({ key }) => conditionKey(key)?.many !== false || isTokenClaim(key));
  if (bad === undefined) return pattern;
  const message = `no request here has a value for the variable "${bad.name}"`;
  report.unknown(node.location, message, allowedKeys, nearestKey(bad.name));
  return undefined;
}
