import type { Finding } from '../../findings/finding.ts';
import type { Counterexample } from '../counterexample.ts';
import type { Dist, DistRole, DistSecret } from '../files/model.ts';
import { evaluate } from '../iam/evaluate.ts';
import { matchesAction } from '../iam/match.ts';
import type { Policy, Role } from '../iam/model.ts';
import { policiesOf } from '../iam/requests.ts';
import { arnOf, partitionOf, usualContext, usualDecryptRequest } from '../matrix/decisions.ts';
import type { SecretIndex } from '../matrix/secret-index.ts';
import { statementsBeyond } from '../questions/permissions.ts';
import { decryptAction, readActions, readCase } from '../questions/requests.ts';
import { sessionWith, tagValue } from '../questions/sessions.ts';
import type { AbacTags } from '../tag-keys.ts';
import { rolesFor, storesOf } from './role-use.ts';

/**
 * What is wrong with the secrets themselves: each stands in the file of the identity that may read it, so its tag must
 * hold that name; without one of the tags nobody reads it; a region has each name once; no guard on their tags keeps
 * anybody from reading; and they can be decrypted with keys that have their tags.
 */
export function secretFindings(dist: Dist, tags: AbacTags, index: SecretIndex): Finding[] {
  const findings = [...dist.guards.values()].flatMap(keptFromOwners);
  for (const secret of dist.secrets) {
    const first = index.firstOf(secret);
    if (first !== undefined) findings.push(standsTwice(secret, first));
    const without = tags.keys.filter((key) => !tagValue(secret.tags, key));
    if (without.length > 0) findings.push(missing(secret, without, tags));
    const found = tagValue(secret.tags, tags.identityKey);
    if (found && found !== secret.identity) findings.push(ofAnother(secret, found, dist, tags));
  }
  return [...findings, ...rolesFor('access', dist).flatMap((one) => withoutKeys(one, dist, tags))];
}

/**
 * A role that chooses keys by their tags has to decrypt with one that has those of the secret. In which regions there are
 * such keys nothing in dist says: so in each in which it reads.
 */
function withoutKeys({ role, account, location }: DistRole, dist: Dist, { keys }: AbacTags): Finding[] {
  if (!choosesKeysByTag(role)) return [];
  const partition = partitionOf(role.arn);
  const stores = storesOf(dist.clusters).filter((store) => store.role === role.arn);
  const regions = new Set(stores.map(({ region }) => region));
  const own = dist.secrets.filter(
    (one) =>
      one.account === account && regions.has(one.region) && keys.every((key) => tagValue(one.tags, key)),
  );
  const byRegion = new Map(own.map((secret) => [secret.region, secret]));
  return [...byRegion.values()].flatMap((secret): Finding[] => {
    const arn = arnOf(secret, partition);
    const key = { arn: `arn:${partition}:kms:${secret.region}:${account}:key/example`, tags: secret.tags };
    const session = sessionWith(
      role,
      keys.map((one) => ({ key: one, value: tagValue(secret.tags, one) ?? '' })),
    );
    const request = usualDecryptRequest(session, { arn, tags: secret.tags }, key);
    const decision = evaluate(request, policiesOf(session));
    if (decision.allowed) return [];
    return [
      {
        rule: 'proof-denied',
        severity: 'error',
        message: `no owner of a secret in ${secret.region} decrypts with a key that has the tags of the secret`,
        allowed: 'kms:Decrypt through Secrets Manager with such a key',
        location: decision.by[0]?.location ?? location,
        counterexample: readCase('allowed', session, decryptAction, key, {
          context: usualContext,
          secret: arn,
        }),
      },
    ];
  });
}

/** Whether a role decrypts with keys that it chooses by their tags. */
export function choosesKeysByTag({ identity }: Role): boolean {
  const statements = identity.flatMap((policy) => policy.statements);
  return statements.some(
    ({ actions, conditions }) =>
      matchesAction(actions, decryptAction) &&
      conditions.some(({ key }) => key.startsWith('aws:resourcetag/')),
  );
}

/** It binds everybody in the account, owners too, and stands among the denials of permissions boundaries. */
function keptFromOwners(guard: Policy): Finding[] {
  return statementsBeyond(guard).map(({ statement: { location }, action }) => ({
    rule: 'proof-tag-guard',
    severity: 'error',
    message:
      action === undefined ? 'a statement that allows something' : `${action} is denied, which owners need`,
    allowed: 'a Deny of what changes tags and the policies of secrets, and of nothing else',
    location,
  }));
}

function standsTwice({ name, region, location }: DistSecret, { location: first }: DistSecret): Finding {
  return {
    rule: 'proof-document',
    severity: 'error',
    message: `the secret "${name}" of ${region} stands at ${first.file}:${first.start.line} too`,
    allowed: 'each name once in an account and region',
    location,
  };
}

function missing({ name, location }: DistSecret, without: readonly string[], { keys }: AbacTags): Finding {
  return {
    rule: 'proof-denied',
    severity: 'error',
    message: `nobody can read the secret "${name}": it has no tag ${without.join(', ')}`,
    allowed: `each of ${keys.join(', ')}`,
    location,
  };
}

function ofAnother(secret: DistSecret, found: string, dist: Dist, { identityKey }: AbacTags): Finding {
  const { name, identity, location } = secret;
  const counterexample = exampleOf(secret, dist);
  return {
    rule: 'proof-access',
    severity: 'error',
    message: `"${name}" stands among the secrets of ${identity}, but its tag lets ${found} read it`,
    allowed: `${identityKey}=${identity}`,
    location,
    ...(counterexample && { counterexample }),
  };
}

/** A session with the secret's own tags reads it. */
function exampleOf(secret: DistSecret, { clusters, roles }: Dist): Counterexample | undefined {
  const store = storesOf(clusters).find(({ role }) => roles.get(role)?.account === secret.account);
  const role = store && roles.get(store.role)?.role;
  if (role === undefined) return undefined;
  const resource = { arn: arnOf(secret, partitionOf(role.arn)), tags: secret.tags };
  const [action] = readActions;
  return readCase('denied', sessionWith(role, secret.tags), action, resource, { context: usualContext });
}
