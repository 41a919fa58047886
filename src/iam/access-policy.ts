import type { KmsKey } from '../fleet/model.ts';
import {
  type Conditions,
  forEachKey,
  oneOrMany,
  type PolicyDocument,
  policyDocument,
  type Statement,
} from './document.ts';

/** What the permissions of an access role depend on: never on the services. */
export interface AccessScope {
  readonly partition: string;
  /** The account of the secrets. */
  readonly account: string;
  /** Regions that secrets are read in, sorted. */
  readonly regions: readonly string[];
  /** Tags that must be equal on secret and session. */
  readonly tagKeys: readonly string[];
  /** Keys by ARN, keys by tag, or none. */
  readonly kms:
    | { readonly kind: 'none' | 'byTag' }
    | { readonly kind: 'keys'; readonly keys: readonly KmsKey[] };
}

/**
 * What the access role may do: read the secrets whose tags equal those of the session, and decrypt them.
 *
 * All tags stand in one condition block, where every one must match; in statements of their own, one would be enough.
 * A variable without value matches nothing (IAM User Guide, "IAM policy elements: Variables and tags"); the Null
 * condition says so once more, and holds whatever a default in the variable might be changed to.
 */
export function accessPolicy(scope: AccessScope): PolicyDocument {
  const { partition, account, regions, tagKeys } = scope;
  const readOwnSecrets: Statement = {
    Sid: 'ReadOwnSecrets',
    Effect: 'Allow',
    Action: [
      'secretsmanager:GetSecretValue',
      'secretsmanager:DescribeSecret',
      'secretsmanager:ListSecretVersionIds',
    ],
    Resource: regions.map((region) => `arn:${partition}:secretsmanager:${region}:${account}:secret:*`),
    Condition: {
      StringEquals: sameTag('secretsmanager:ResourceTag', tagKeys),
      Null: tagPresent(tagKeys),
    },
  };
  return policyDocument([readOwnSecrets, ...decryptStatement(scope)]);
}

function decryptStatement({ partition, account, regions, tagKeys, kms }: AccessScope): Statement[] {
  if (kms.kind === 'none' || (kms.kind === 'keys' && kms.keys.length === 0)) return [];
  const through = { 'kms:ViaService': oneOrMany(regions.map((region) => viaService(partition, region))) };
  const byTag: Conditions = {
    StringEquals: { ...through, ...sameTag('aws:ResourceTag', tagKeys) },
    Null: tagPresent(tagKeys),
  };
  return [
    {
      Sid: 'DecryptThroughSecretsManager',
      Effect: 'Allow',
      Action: ['kms:Decrypt'],
      Resource:
        kms.kind === 'keys'
          ? kms.keys.map(({ arn }) => arn)
          : regions.map((region) => `arn:${partition}:kms:${region}:${account}:key/*`),
      Condition: kms.kind === 'keys' ? { StringEquals: through } : byTag,
    },
  ];
}

function sameTag(prefix: string, keys: readonly string[]): Record<string, string> {
  return forEachKey(keys, (key) => [`${prefix}/${key}`, `\${aws:PrincipalTag/${key}}`]);
}

function tagPresent(keys: readonly string[]): Record<string, string> {
  return forEachKey(keys, (key) => [`aws:PrincipalTag/${key}`, 'false']);
}

/**
 * Secrets Manager's name for kms:ViaService: its endpoint. Source: KMS Developer Guide, "kms:ViaService"; the suffix
 * of each partition is that of the AWS SDKs' endpoint data.
 */
function viaService(partition: string, region: string): string {
  return `secretsmanager.${region}.${dnsSuffixes[partition] ?? 'amazonaws.com'}`;
}

const dnsSuffixes: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};
