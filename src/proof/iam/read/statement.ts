import { nearest } from '../../../findings/nearest.ts';
import { entryOf, type JsonEntry, type JsonNode, type JsonObject, type JsonText } from '../../json/node.ts';
import type { Pattern, Patterns, Statement } from '../model.ts';
import { type DocumentStyle, readConditions, readPattern } from './condition.ts';
import { readPrincipal } from './principal.ts';
import { nameOf, type Report } from './report.ts';

const elements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const;

/**
 * Reads a statement.
 *
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language" and the pages on each element.
 *
 * @returns undefined, with something reported, when there is anything that is not right or not understood
 */
export function readStatement(node: JsonNode, style: DocumentStyle, report: Report): Statement | undefined {
  if (node.type !== 'object') {
    report.syntax(node.location, `a statement is ${nameOf(node)}`, 'an object with Effect, Action and so on');
    return undefined;
  }
  const before = report.findings.length;
  report.unknownKeys(node, 'a statement', elements);
  const sid = readSid(node, style, report);
  const effect = readEffect(node, report);
  const principals = readPrincipals(node, style, report);
  const actions = readActions(node, report);
  const resources = readResources(node, style, report);
  const condition = entryOf(node, 'Condition');
  const conditions = condition ? readConditions(condition, style, report) : [];
  if (report.findings.length > before || effect === undefined || actions === undefined) return undefined;
  const { location } = node;
  return {
    ...(sid !== undefined && { sid }),
    effect,
    ...(principals && { principals }),
    actions,
    ...(resources && { resources }),
    conditions,
    location,
  };
}

function readSid(node: JsonObject, { kind }: DocumentStyle, report: Report): string | undefined {
  const value = entryOf(node, 'Sid')?.value;
  if (value === undefined) return undefined;
  const isText = value.type === 'string';
  // Other services than IAM allow more in the policies of their resources.
  if (isText && (kind === 'resource' || /^[A-Za-z0-9]*$/.test(value.value))) return value.value;
  const found = isText ? `"${value.value}"` : nameOf(value);
  report.syntax(value.location, `"Sid" is ${found}`, 'letters and digits, no spaces');
  return undefined;
}

function readEffect(node: JsonObject, report: Report): 'Allow' | 'Deny' | undefined {
  const value = entryOf(node, 'Effect')?.value;
  if (value?.type === 'string' && (value.value === 'Allow' || value.value === 'Deny')) return value.value;
  const message =
    value === undefined
      ? 'a statement without "Effect"'
      : `"Effect" is ${value.type === 'string' ? `"${value.value}"` : nameOf(value)}`;
  const near = value?.type === 'string' ? nearest(value.value, ['Allow', 'Deny']) : undefined;
  report.syntax((value ?? node).location, message, 'Allow or Deny', near);
  return undefined;
}

function readPrincipals(node: JsonObject, { kind }: DocumentStyle, report: Report): Statement['principals'] {
  const entry = entryOf(node, 'Principal');
  const not = entryOf(node, 'NotPrincipal');
  const mayName = kind === 'trust' || kind === 'resource';
  if (!mayName) {
    const wrong = entry ?? not;
    if (wrong) report.syntax(wrong.location, `"${wrong.key}" in a policy of a role or user`, 'no principal');
    return undefined;
  }
  if (not !== undefined) {
    report.unknown(
      not.location,
      '"NotPrincipal" is not judged',
      'Principal, with a condition on aws:PrincipalArn',
    );
    return undefined;
  }
  if (entry !== undefined) return readPrincipal(entry, report);
  report.syntax(node.location, 'a statement without "Principal"', 'Principal: whom the statement is about');
  return undefined;
}

/** The one of two elements that a statement has. Reports both, or neither when one is needed. */
function oneOf(node: JsonObject, name: string, isNeeded: boolean, report: Report): JsonEntry | undefined {
  const entry = entryOf(node, name);
  const not = entryOf(node, `Not${name}`);
  if (entry !== undefined && not !== undefined) {
    report.syntax(not.location, `"${name}" and "Not${name}" in one statement`, 'one of them');
  }
  if (entry === undefined && not === undefined && isNeeded) {
    report.syntax(node.location, `a statement without "${name}"`, `${name} or Not${name}`);
  }
  return entry ?? not;
}

function readActions(node: JsonObject, report: Report): Patterns | undefined {
  const entry = oneOf(node, 'Action', true, report);
  return entry && readPatterns(entry, report, (text) => readAction(text, report));
}

/** Actions are compared without regard to case: the pattern is in lower case. */
function readAction(text: JsonText, report: Report): Pattern | undefined {
  if (!/^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+|\*:\*)$/.test(text.value)) {
    report.syntax(
      text.location,
      `"${text.value}" is no action`,
      'service:Action, with * and ? in the action; or *',
    );
    return undefined;
  }
  const syntax = { wildcards: true, variables: false };
  const pattern = readPattern(text.value.toLowerCase(), syntax, text, report);
  return pattern && { ...pattern, source: text.value };
}

function readResources(node: JsonObject, style: DocumentStyle, report: Report): Patterns | undefined {
  const isTrust = style.kind === 'trust';
  const entry = oneOf(node, 'Resource', !isTrust, report);
  if (entry && isTrust) {
    report.syntax(entry.location, `"${entry.key}" in a trust policy`, 'no resource: it is the role itself');
    return undefined;
  }
  return entry && readPatterns(entry, report, (text) => readResource(text, style, report));
}

/**
 * `*`, or an ARN whose parts before the fifth colon hold no variables. An ARN that is shorter must end in `*`, which then
 * reaches over the parts that are not there.
 */
function readResource(text: JsonText, { hasVariables }: DocumentStyle, report: Report): Pattern | undefined {
  const { value, location } = text;
  const parts = value.replace(/\$\{[^}]*(?:\}|$)/g, '').split(':');
  const isArn = parts[0] === 'arn' && (parts.length >= 6 || value.endsWith('*'));
  if (value !== '*' && !isArn) {
    report.syntax(location, `"${value}" is no resource`, 'an ARN such as arn:aws:secretsmanager:…, or *');
    return undefined;
  }
  if (hasVariables && value.split(':').slice(0, 5).join(':').includes('${')) {
    report.unknown(
      location,
      `"${value}" has a variable before the fifth colon`,
      'variables in the last part only',
    );
    return undefined;
  }
  return readPattern(value, { wildcards: true, variables: hasVariables }, text, report);
}

function readPatterns(
  entry: JsonEntry,
  report: Report,
  read: (text: JsonText) => Pattern | undefined,
): Patterns | undefined {
  const values = report.texts(entry)?.map(read);
  if (values === undefined) return undefined;
  const location = entry.location;
  return { not: entry.key.startsWith('Not'), values: values.filter((one) => one !== undefined), location };
}
