import { accountOf, splitArn } from './arn.ts';
import type { Context, Policies, Request, Session, Tag } from './model.ts';

/** A secret or a KMS key, as far as access depends on it. */
export interface Resource {
  /** In full; that of a secret with its random end. */
  readonly arn: string;
  readonly tags: readonly Tag[];
}

/** A part of a context: keys with values, and keys of which it is not known what they hold. */
export interface ContextPart {
  readonly known: Context;
  readonly unclear: readonly string[];
}

/** What the names of endpoints end in, where it is not amazonaws.com. Source: endpoint data of the AWS SDKs. */
const endpointSuffixes: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/**
 * What Secrets Manager asks of KMS on behalf of a session, to decrypt a secret: with the session's rights, through the
 * endpoint of Secrets Manager in the secret's region, and with the secret's ARN in the encryption context.
 *
 * Source: AWS Secrets Manager User Guide, "Secret encryption and decryption in AWS Secrets Manager"; KMS Developer
 * Guide, on kms:ViaService.
 */
export function decryptRequest(session: Session, secret: Resource, key: Resource): Request {
  const [, partition = '', , region = ''] = splitArn(secret.arn) ?? [];
  const suffix = endpointSuffixes[partition] ?? 'amazonaws.com';
  const known: [string, string][] = [
    ['kms:viaservice', `secretsmanager.${region}.${suffix}`],
    ['kms:calleraccount', session.principal.account],
    ['kms:encryptioncontext:secretarn', secret.arn],
  ];
  return requestOf(session, 'kms:Decrypt', key.arn, [
    tagContext(['aws:resourcetag'], key.tags),
    { known: new Map(known), unclear: [] },
  ]);
}

/** A request of a session for a resource, with what every request says about its principal and its resource. */
export function requestOf(
  session: Session,
  action: string,
  resource: string,
  more: readonly ContextPart[],
): Request {
  const [, , , region = ''] = splitArn(resource) ?? [];
  const resourceAccount = accountOf(resource) ?? '';
  const place: [string, string][] = [['aws:resourceaccount', resourceAccount]];
  if (region !== '') place.push(['aws:requestedregion', region]);
  const parts = [
    principalContext(session),
    // IAM and STS have no region in their ARNs, and nothing here says which endpoint of theirs is called.
    { known: new Map(place), unclear: region === '' ? ['aws:requestedregion'] : [] },
    ...more,
  ];
  return { action, resource, resourceAccount, principal: session.principal, ...joinContext(parts) };
}

/** Puts parts of a context together. */
export function joinContext(parts: readonly ContextPart[]): Required<Pick<Request, 'context' | 'unclear'>> {
  return {
    context: new Map(parts.flatMap(({ known }) => [...known])),
    unclear: new Set(parts.flatMap(({ unclear }) => unclear)),
  };
}

function principalContext({ principal, tags }: Session): ContextPart {
  const known: [string, string][] = [
    ['aws:principalarn', principal.role],
    ['aws:principalaccount', principal.account],
    ['aws:principaltype', 'AssumedRole'],
    ['aws:principalisawsservice', 'false'],
  ];
  const ofTags = tagContext(['aws:principaltag'], tags);
  // Whether a session that began with a token still shows its provider is not written down here.
  return {
    known: new Map([...known, ...ofTags.known]),
    unclear: ['aws:federatedprovider', ...ofTags.unclear],
  };
}

/**
 * Tags as condition keys. Secrets and KMS keys can have two tags whose keys differ in case only, while condition keys
 * are the same in any case: which of the two AWS takes is not documented, so such a key is unclear.
 */
export function tagContext(prefixes: readonly string[], tags: readonly Tag[]): ContextPart {
  const known = new Map<string, string>();
  const unclear = new Set<string>();
  for (const { key, value } of tags) {
    for (const prefix of prefixes) {
      const name = `${prefix}/${key.toLowerCase()}`;
      if (known.has(name)) unclear.add(name);
      known.set(name, value);
    }
  }
  return { known, unclear: [...unclear] };
}

/** The policies that bind a session's requests; the resource's own policy is added by who knows it. */
export function policiesOf({ role, policies }: Session): Policies {
  return {
    identity: role.identity,
    ...(role.boundary && { boundary: role.boundary }),
    ...(policies && { session: policies }),
    ...(role.scps && { scps: role.scps }),
  };
}
