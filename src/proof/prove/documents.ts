import type { Finding, Location } from '../../findings/finding.ts';
import { distinctFindings, wideFinding } from '../findings.ts';
import { splitArn } from '../iam/arn.ts';
import { policyFrom } from '../iam/document.ts';
import type { Policy, PolicyKind, Role, Tag } from '../iam/model.ts';
import { entryOf, type JsonNode, valueAt } from '../json/node.ts';
import { readJson } from '../json/read.ts';
import { accessActions, actionsBeyond } from '../questions/permissions.ts';
import type { Claims } from '../questions/trust.ts';
import { combine, judgeAccessPolicy, judgeTrust } from './role-findings.ts';

/** A file with a policy document. */
export interface DocumentFile {
  readonly file: string;
  readonly text: string;
}

/** Documents that somebody has already, and what shall hold for them. */
export interface DocumentsQuestion {
  readonly policy?: DocumentFile;
  readonly trust?: DocumentFile;
  /** The tags that must be equal on session and secret, that of the identity first. */
  readonly tagKeys: readonly string[];
  /** Values that the trust policy must pin, by tag key. */
  readonly pinned: ReadonlyMap<string, string>;
}

/** What was found in documents, and in how many cases. */
export interface DocumentsProof {
  readonly findings: readonly Finding[];
  readonly cases: number;
}

/**
 * Judges the policy and the trust policy of an access role, wherever they come from: plain documents, or what `aws iam
 * get-role-policy`, `get-role` and `get-policy-version` print. The callers are the roles that the trust policy names.
 */
export function proveDocuments({ policy, trust, tagKeys, pinned }: DocumentsQuestion): DocumentsProof {
  const access = policy && readDocument(policy, 'identity');
  const trusted = trust && readDocument(trust, 'trust');
  const findings = [...(access?.findings ?? []), ...(trusted?.findings ?? [])];
  const role = roleOf(access, trusted);
  const parts = [
    ...(access?.policy === undefined
      ? []
      : [
          {
            findings: actionsBeyond([access.policy], accessActions).map((wide) =>
              wideFinding(wide, accessActions),
            ),
            cases: 0,
          },
          judgeAccessPolicy(role, tagKeys, access.policy.location),
        ]),
    ...(trusted?.policy === undefined
      ? []
      : [judgeTrust({ role, tagKeys, callers: callersIn(trusted.policy, pinned) }, trusted.policy.location)]),
  ];
  const judged = combine(...parts);
  return { findings: distinctFindings([...findings, ...judged.findings]), cases: judged.cases };
}

interface ReadDocument {
  readonly policy?: Policy;
  readonly findings: readonly Finding[];
  readonly arn?: string;
  readonly tags?: readonly Tag[];
}

/** The places at which the AWS command line puts a document. */
const wrappers: readonly (readonly string[])[] = [
  ['PolicyDocument'],
  ['Role', 'AssumeRolePolicyDocument'],
  ['AssumeRolePolicyDocument'],
  ['PolicyVersion', 'Document'],
];

function readDocument({ file, text }: DocumentFile, kind: PolicyKind): ReadDocument {
  const { root, findings } = readJson(file, text);
  if (root === undefined) return { findings };
  const node = wrappers.map((keys) => valueAt(root, ...keys)).find((found) => found !== undefined) ?? root;
  const read = node.type === 'string' ? readEncoded(node, kind) : policyFrom(node, kind);
  const arn = valueAt(root, 'Role', 'Arn');
  return {
    ...(read.policy && { policy: read.policy }),
    findings: read.findings,
    ...(arn?.type === 'string' && { arn: arn.value }),
    tags: tagsIn(valueAt(root, 'Role', 'Tags')),
  };
}

/** A document in a text, percent-encoded as the API of IAM gives it. Its statements stand where the text does. */
function readEncoded(node: JsonNode & { type: 'string' }, kind: PolicyKind): ReadDocument {
  const { root, findings } = readJson(node.location.file, decoded(node.value));
  const moved = (found: readonly Finding[]) =>
    found.map((finding) => ({ ...finding, location: node.location }));
  if (root === undefined) return { findings: moved(findings) };
  const read = policyFrom(root, kind);
  if (read.policy === undefined) return { findings: moved(read.findings) };
  return { policy: movedPolicy(read.policy, node.location), findings: [] };
}

function decoded(text: string): string {
  try {
    return text.startsWith('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

function movedPolicy(policy: Policy, location: Location): Policy {
  return { ...policy, location, statements: policy.statements.map((one) => ({ ...one, location })) };
}

function tagsIn(node: JsonNode | undefined): Tag[] {
  const items = node?.type === 'array' ? node.items : [];
  return items.flatMap((item) => {
    const [key, value] = [entryOf(item, 'Key')?.value, entryOf(item, 'Value')?.value];
    return key?.type === 'string' && value?.type === 'string' ? [{ key: key.value, value: value.value }] : [];
  });
}

/** The role that the documents are of. Where nothing says which, one in the account that they name. */
function roleOf(access: ReadDocument | undefined, trusted: ReadDocument | undefined): Role {
  const arns = [...patternsIn(trusted?.policy), ...patternsIn(access?.policy)];
  const [, partition = 'aws', , , account = '123456789012'] =
    arns.map(splitArn).find((parts) => /^\d{12}$/.test(parts?.[4] ?? '')) ?? [];
  const location = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  const none = (kind: PolicyKind): Policy => ({ file: '', kind, statements: [], location });
  return {
    arn: trusted?.arn ?? `arn:${partition}:iam::${account}:role/access-role`,
    tags: trusted?.tags ?? [],
    trust: trusted?.policy ?? none('trust'),
    identity: access?.policy === undefined ? [] : [access.policy],
  };
}

function patternsIn(policy: Policy | undefined): string[] {
  const statements = policy?.statements ?? [];
  return statements.flatMap(({ principals = [], resources, conditions }) => [
    ...principals.map(({ type, value }) => (type === 'account' ? `arn:aws:iam::${value}:root` : value)),
    ...(resources?.values ?? []).map(({ source }) => source),
    ...conditions.flatMap(({ values }) => values.map(({ source }) => source)),
  ]);
}

/** The roles that a trust policy names in full, as principal or in a condition. */
function callersIn(trust: Policy, pinned: ReadonlyMap<string, string>): Map<string, Claims> {
  const claims: Claims = new Map([...pinned].map(([key, value]) => [key.toLowerCase(), new Set([value])]));
  const allowing = trust.statements.filter(({ effect }) => effect === 'Allow');
  const principals = allowing.flatMap((statement) => statement.principals ?? []).map(({ value }) => value);
  const conditions = allowing.flatMap((statement) => statement.conditions);
  const named = conditions.filter(
    ({ key, operator }) => key === 'aws:principalarn' && !operator.includes('Not'),
  );
  const plain = named.flatMap(({ values }) =>
    values.filter(({ parts }) => parts.every(({ type }) => type === 'text')),
  );
  const arns = [...principals, ...plain.map(({ source }) => source)].filter((arn) =>
    /^arn:[^:]*:iam::\d{12}:role\//.test(arn),
  );
  return new Map(arns.map((arn) => [arn, claims]));
}
