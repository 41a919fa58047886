import { policyFrom, type ReadPolicy } from '../iam/document.ts';
import type { Policy, PolicyKind } from '../iam/model.ts';
import type { JsonNode } from '../json/node.ts';
import { plainOf } from '../json/node.ts';
import { readJson } from '../json/read.ts';
import type { Reading, Source } from './model.ts';
import { canonical } from './strict.ts';

/** A policy document of a role, with the JSON it was read from, to hold others against. */
export interface Document {
  readonly policy: Policy;
  readonly canonical: string;
  readonly text: string;
}

/** The documents in roles/<name>/ of one account, before it is known which path the role has. */
export interface RoleDocuments {
  readonly account: string;
  readonly name: string;
  readonly folder: string;
  readonly policy: Document;
  readonly trust?: Document;
}

/** Reads the JSON of a file; what is wrong with it is a finding. */
export function readTree({ path, text }: Source, reading: Reading): JsonNode | undefined {
  const { root, findings } = readJson(path, text);
  reading.findings.push(...findings);
  if (root !== undefined) reportReferences(root, reading);
  return root;
}

/**
 * CloudFormation, by which eksctl works too, puts a parameter's value in place of such a text, wherever it stands: what
 * is deployed would say something that stands in no file.
 *
 * Source: CloudFormation User Guide, "Get values stored in other services using dynamic references".
 */
function reportReferences(node: JsonNode, reading: Reading): void {
  if (node.type === 'array') for (const item of node.items) reportReferences(item, reading);
  if (node.type === 'object') for (const { value } of node.entries) reportReferences(value, reading);
  if (node.type === 'string' && node.value.includes('{{'))
    reading.document(node.location, `"${node.value}" stands for a value that is kept elsewhere`, 'the value');
}

/** Reads a policy document; what is wrong with it or not known is a finding. */
export function readDocument(source: Source, kind: PolicyKind, reading: Reading): Document | undefined {
  const root = readTree(source, reading);
  if (root === undefined) return undefined;
  const { policy, findings }: ReadPolicy = policyFrom(root, kind);
  reading.findings.push(...findings);
  return policy && { policy, canonical: canonical(plainOf(root)), text: source.text };
}
