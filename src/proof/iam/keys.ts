import { nearest } from '../../findings/nearest.ts';

/** What is known of a condition key. */
export interface ConditionKey {
  /** As AWS writes it, with the tag's key or the provider's name as the policy writes it. */
  readonly name: string;
  readonly type: 'string' | 'arn' | 'bool';
  /** Whether a request can carry several values of it, so that conditions need ForAllValues or ForAnyValue. */
  readonly many: boolean;
  /**
   * Whether its value depends on where or how a request is made, which no document says. Whoever asks the evaluator
   * tries such a key with each kind of value, or without; where it is left out, the answer is `unknown`.
   */
  readonly free: boolean;
}

/** How keys of tags begin, in lower case, with the tag's key behind it: of who asks. */
export const principalTag = 'aws:principaltag/';
/** The same of tags that a request passes. */
export const requestTag = 'aws:requesttag/';
/** The same of what is asked for. */
export const resourceTags: readonly string[] = ['aws:resourcetag/', 'secretsmanager:resourcetag/'];

type Kind = Omit<ConditionKey, 'name'>;

const text: Kind = { type: 'string', many: false, free: false };
const arn: Kind = { type: 'arn', many: false, free: false };
const texts: Kind = { type: 'string', many: true, free: false };
const freeText: Kind = { type: 'string', many: false, free: true };
const freeBool: Kind = { type: 'bool', many: false, free: true };

/**
 * The keys that are judged. Source: IAM User Guide, "AWS global condition context keys" and "IAM and AWS STS condition
 * context keys"; Service Authorization Reference, on Secrets Manager, KMS and STS.
 */
const keys: Readonly<Record<string, Kind>> = {
  'aws:PrincipalAccount': text,
  'aws:PrincipalArn': arn,
  'aws:PrincipalType': text,
  'aws:PrincipalIsAWSService': { type: 'bool', many: false, free: false },
  'aws:PrincipalServiceName': text,
  'aws:FederatedProvider': arn,
  'aws:ResourceAccount': text,
  'aws:RequestedRegion': text,
  'aws:SourceAccount': text,
  'aws:SourceArn': arn,
  'aws:TagKeys': texts,
  'sts:ExternalId': text,
  'sts:RoleSessionName': text,
  'sts:TransitiveTagKeys': texts,
  'kms:CallerAccount': text,
  'kms:EncryptionContext:SecretARN': text,
  'kms:ViaService': text,
  'aws:MultiFactorAuthPresent': freeBool,
  'aws:PrincipalOrgID': freeText,
  'aws:ResourceOrgID': freeText,
  'aws:SecureTransport': freeBool,
  'aws:SourceOrgID': freeText,
  'aws:SourceVpc': freeText,
  'aws:SourceVpce': freeText,
  'secretsmanager:VersionId': freeText,
  'secretsmanager:VersionStage': freeText,
};

/** Keys that end in a tag's key. */
const tagKeys: Readonly<Record<string, Kind>> = {
  'aws:PrincipalTag': text,
  'aws:RequestTag': text,
  'aws:ResourceTag': text,
  'iam:ResourceTag': text,
  'secretsmanager:ResourceTag': text,
};

const byLowerCase: ReadonlyMap<string, ConditionKey> = new Map(
  Object.entries(keys).map(([name, kind]) => [name.toLowerCase(), { name, ...kind }]),
);

/**
 * What is known of a condition key, by its name in any case, or undefined: AWS never gives such a key to the requests of
 * this field, or nobody has looked yet at what it means for the proof.
 */
export function conditionKey(key: string): ConditionKey | undefined {
  const whole = byLowerCase.get(key.toLowerCase());
  if (whole !== undefined) return whole;
  const [prefix, tag] = splitTagKey(key);
  const known = Object.keys(tagKeys).find((name) => name.toLowerCase() === prefix.toLowerCase());
  const kind = known === undefined ? undefined : tagKeys[known];
  if (kind !== undefined && tag) return { name: `${known}/${tag}`, ...kind };
  return isTokenClaim(key) ? { name: key, ...text } : undefined;
}

/**
 * Whether a key is a claim of an OpenID Connect token: the provider's name with its path, and `sub` or `aud`. Only
 * sts:AssumeRoleWithWebIdentity has such keys.
 */
export function isTokenClaim(key: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^:]*)?:(sub|aud)$/i.test(key);
}

/** Every key that is judged, for messages. A tag's key and a provider's name stand for themselves. */
export const conditionKeyNames: readonly string[] = [
  ...Object.keys(keys),
  ...Object.keys(tagKeys).map((name) => `${name}/…`),
  'in trust policies <provider>:sub and <provider>:aud',
];

/** The closest known key, for "did you mean". A tag's key is kept as it is. */
export function nearestKey(key: string): string | undefined {
  const [prefix, tag] = splitTagKey(key);
  if (tag === undefined) return nearest(key, conditionKeyNames);
  const found = nearest(prefix, Object.keys(tagKeys));
  return found && `${found}/${tag}`;
}

function splitTagKey(key: string): [prefix: string, tag: string | undefined] {
  const slash = key.indexOf('/');
  return slash < 0 ? [key, undefined] : [key.slice(0, slash), key.slice(slash + 1)];
}
