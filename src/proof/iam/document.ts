import type { Finding } from '../../findings/finding.ts';
import { nearest } from '../../findings/nearest.ts';
import { entryOf, type JsonNode, type JsonObject, type JsonText } from '../json/node.ts';
import { readJson } from '../json/read.ts';
import type { Policy, PolicyKind, Statement } from './model.ts';
import { nameOf, Report } from './read/report.ts';
import { readStatement } from './read/statement.ts';

/** A policy, or all that is wrong with it or not understood. Never both: what has findings is not judged. */
export type ReadPolicy =
  | { readonly policy: Policy; readonly findings: readonly [] }
  | { readonly policy?: undefined; readonly findings: readonly Finding[] };

/**
 * Reads a policy document.
 *
 * @returns the policy, or findings of the rules `json-syntax`, `duplicate-key`, `policy-syntax` (AWS would refuse it) and
 *   `policy-unknown` (we do not know what it means, so nothing is said about it)
 */
export function readPolicy(file: string, text: string, kind: PolicyKind): ReadPolicy {
  const { root, findings } = readJson(file, text);
  return root === undefined ? { findings } : policyFrom(root, kind);
}

/** The same for a document that stands inside another one, such as a CloudFormation template. */
export function policyFrom(node: JsonNode, kind: PolicyKind): ReadPolicy {
  const report = new Report();
  const statements = readDocument(node, kind, report);
  if (report.findings.length > 0) return { findings: report.findings };
  return { policy: { file: node.location.file, kind, statements, location: node.location }, findings: [] };
}

const variablesVersion = '2012-10-17';
const versions = [variablesVersion, '2008-10-17'];

function readDocument(node: JsonNode, kind: PolicyKind, report: Report): Statement[] {
  if (node.type !== 'object') {
    report.syntax(node.location, `the policy is ${nameOf(node)}`, 'an object with Version and Statement');
    return [];
  }
  report.unknownKeys(node, 'a policy', ['Version', 'Id', 'Statement']);
  const id = entryOf(node, 'Id')?.value;
  if (id !== undefined && id.type !== 'string') report.syntax(id.location, `"Id" is ${nameOf(id)}`, 'a text');
  const hasVariables = readVersion(node, report) === variablesVersion;
  const items = statementNodes(node, report);
  const statements = items.map((item) => readStatement(item, { kind, hasVariables }, report));
  if (!hasVariables) reportVariables(items.flatMap(textsIn), report);
  reportEqualSids(items, report);
  return statements.filter((statement) => statement !== undefined);
}

function readVersion(node: JsonObject, report: Report): string | undefined {
  const version = entryOf(node, 'Version')?.value;
  if (version === undefined) return undefined;
  if (version.type === 'string' && versions.includes(version.value)) return version.value;
  const found = version.type === 'string' ? `"${version.value}"` : nameOf(version);
  const near = version.type === 'string' ? nearest(version.value, versions) : undefined;
  report.syntax(version.location, `"Version" is ${found}`, versions.join(' or '), near);
  return variablesVersion;
}

function statementNodes(node: JsonObject, report: Report): readonly JsonNode[] {
  const value = entryOf(node, 'Statement')?.value;
  const items = value?.type === 'array' ? value.items : value && [value];
  if (items !== undefined && items.length > 0) return items;
  const message = value === undefined ? 'a policy without "Statement"' : '"Statement" is empty';
  report.syntax((value ?? node).location, message, 'one statement, or a list of them');
  return [];
}

/**
 * Without version 2012-10-17, AWS takes a variable for plain text, which is never what was meant.
 *
 * Source: IAM User Guide, "IAM JSON policy elements: Version".
 */
function reportVariables(texts: readonly JsonText[], report: Report): void {
  for (const { value, location } of texts.filter((text) => text.value.includes('${'))) {
    const message = `"${value}" is plain text: the policy has no variables`;
    report.syntax(location, message, `"Version": "${variablesVersion}", which gives them their meaning`);
  }
}

function textsIn(node: JsonNode): JsonText[] {
  if (node.type === 'array') return node.items.flatMap(textsIn);
  if (node.type === 'object') return node.entries.flatMap(({ value }) => textsIn(value));
  return node.type === 'string' ? [node] : [];
}

function reportEqualSids(items: readonly JsonNode[], report: Report): void {
  const seen = new Set<string>();
  for (const item of items) {
    const sid = entryOf(item, 'Sid')?.value;
    if (sid?.type !== 'string' || sid.value === '') continue;
    if (seen.has(sid.value))
      report.syntax(sid.location, `the Sid "${sid.value}" stands here twice`, 'each Sid once');
    seen.add(sid.value);
  }
}
