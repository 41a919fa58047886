import { isAllowed, isDenied } from './policy.ts';
import { storesOf, tagsOf } from './reads.ts';
import { type Passed, providersIn, Sessions, type Tags, webIdentity } from './sessions.ts';
import type { World } from './world.ts';

/** Something that somebody might be able to do, and whether it can be done in a world. */
export interface Probe {
  readonly what: string;
  readonly isPossible: (world: Sessions) => boolean;
}

const reads = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'].map(
  (one) => `secretsmanager:${one}`,
);
const others = [
  ...[
    'PutSecretValue',
    'DeleteSecret',
    'TagResource',
    'PutResourcePolicy',
    'ListSecrets',
    'CreateSecret',
  ].map((one) => `secretsmanager:${one}`),
  ...['kms:Decrypt', 'kms:Encrypt', 'kms:CreateGrant', 'iam:PassRole', 'iam:CreateUser', 's3:GetObject'],
];

/** What can be done in the one world and cannot in the other, of everything that is tried. */
export function gained(before: World, after: World, keys: readonly string[]): string[] {
  const [old, now] = [new Sessions(before), new Sessions(after)];
  const arns = [...new Set([...old.arns, ...now.arns])];
  const roles = [...new Set(storesOf(before).map(({ store }) => String(store.spec.provider.aws.role)))];
  const known = namedIn(before);
  const named = namedIn(after).filter((one) => !known.includes(one));
  const probes = [
    ...roles.flatMap((role) => readProbes(before, role, keys)),
    ...arns.flatMap((arn) => otherProbes(before, arn, arns)),
    ...arns.flatMap((arn) => callerProbes(before, arn, [...arns, ...named])),
  ];
  const wrong = probes.filter(({ isPossible }) => !isPossible(old) && isPossible(now));
  return [...wrong.map(({ what }) => what), ...given(before, after), ...tagsUnguarded(before, after, keys)];
}

/** Whom trust policies speak of: roles and users, services, and somebody of each account. */
function namedIn({ roles }: World): string[] {
  const texts = roles.map(({ trust }) => JSON.stringify(trust ?? {}));
  const all = (pattern: RegExp) =>
    texts.flatMap((text) => [...text.matchAll(pattern)].map(([, one = '']) => one));
  const accounts = all(/(?<!\d)(\d{12})(?!\d)/g).map((one) => `arn:aws:iam::${one}:role/stranger`);
  const services = all(/"([a-z0-9.-]+\.amazonaws\.com)"/g).map((one) => `service:${one}`);
  return [
    ...new Set([...all(/"(arn:[a-z-]+:iam::\d{12}:(?:role|user)\/[^"*?$]+)"/g), ...services, ...accounts]),
  ];
}

/** Pods that get a role by a file, and did not before. */
function given(before: World, after: World): string[] {
  const [old, now] = [before, after].map(({ grants }) =>
    grants.map(({ cluster, role, subject }) => `${subject} of ${cluster} is given ${role}`),
  );
  return now?.filter((one) => !old?.includes(one)) ?? [];
}

/** The tags of stores: of a few, or of all there are, one set for each service. */
function tagSets(world: World, most: number): Tags[] {
  const sets = new Map(
    storesOf(world).map(({ store }) => [JSON.stringify([...tagsOf(store)]), tagsOf(store)]),
  );
  return [...sets.values()].slice(0, most);
}

/** A set of tags with one tag less, another value of one, one in another case, one more, and none at all. */
function variants(tags: Tags, world: World): Tags[] {
  const known = tagSets(world, 20);
  const changed = [...tags].flatMap(([key, value]) => {
    const rest = [...tags].filter(([name]) => name !== key);
    const values = new Set(known.flatMap((one) => one.get(key) ?? []).filter((one) => one !== value));
    const other = [...[...values].slice(0, 2), 'other', '', '*', `${value}x`, value.toUpperCase()];
    return [
      rest,
      ...other.filter((one) => one !== value).map((one) => [...rest, [key, one] as const]),
      [...rest, [`${key}x`, value] as const],
    ];
  });
  return [...changed, [...tags, ['another', 'x'] as const], []].map((one) => new Map(one));
}

const show = (tags: Tags) => JSON.stringify(Object.fromEntries(tags));

/** A session with some tags reads a secret with others, whatever else stands on either. */
function readProbes(world: World, role: string, keys: readonly string[]): Probe[] {
  const [, partition, , , account] = role.split(':');
  const stores = storesOf(world).filter(({ store }) => store.spec.provider.aws.role === role);
  const regions = [...new Set(stores.map(({ store }) => String(store.spec.provider.aws.region)))];
  const isOwner = (session: Tags, secret: Tags) =>
    keys.every((key) => secret.has(key) && secret.get(key) === session.get(key));
  const probe = (session: Tags, secret: Tags, action: string, region: string): Probe => {
    const isKey = action.startsWith('kms:');
    const key = world.secrets.find((one) => one.kmsKey && one.account === account && one.region === region);
    const arn = isKey
      ? (key?.kmsKey ?? `arn:${partition}:kms:${region}:${account}:key/mrk-1`)
      : `arn:${partition}:secretsmanager:${region}:${account}:secret:any/b-AbCdEf`;
    const via = new Map(isKey ? [['kms:viaservice', `secretsmanager.${region}.amazonaws.com`]] : []);
    return {
      what: `a session of ${role} with ${show(session)} may ${action} a thing with ${show(secret)}`,
      isPossible: (sessions) =>
        sessions.may({ role, tags: session }, action, arn, secret, region, 'some', via),
    };
  };
  return tagSets(world, 3).flatMap((tags) => {
    const changed = variants(tags, world);
    const pairs = [
      ...changed.map((one) => [tags, one] as const),
      ...changed.flatMap((one) => [[one, tags] as const, [one, one] as const]),
    ].filter(([session, secret]) => !isOwner(session, secret));
    return pairs.flatMap(([session, secret]) =>
      [...reads, 'kms:Decrypt'].map((action) => probe(session, secret, action, regions[0] ?? '')),
    );
  });
}

/** Whatever a role may do beyond reading its own secrets. */
function otherProbes(world: World, role: string, arns: readonly string[]): Probe[] {
  const [, partition = '', , , account = ''] = role.split(':');
  const region = storesOf(world)[0]?.store.spec.provider.aws.region ?? 'us-west-2';
  const secret = (of: string, where: string) =>
    `arn:${partition}:secretsmanager:${where}:${of}:secret:any/b-AbCdEf`;
  const unnamed = `arn:${partition}:kms:${region}:${account}:key/mrk-1`;
  const key = world.secrets.find((one) => one.kmsKey && one.region === region)?.kmsKey ?? unnamed;
  const via = new Map([['kms:viaservice', `secretsmanager.${region}.amazonaws.com`]]);
  const keyOf = (action: string) => (action.startsWith('kms:') ? key : secret(account, region));
  const tried = [
    ...others.map((action) => [action, keyOf(action)] as const),
    ...others.map((action) => [action, '*'] as const),
    ...[...arns, `arn:${partition}:iam::${account}:role/admin`].flatMap((arn) =>
      ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'].map((action) => [action, arn] as const),
    ),
  ];
  // With the tags of a session the tags decide; another account has to let the role in itself.
  const elsewhere = [secret('777777777777', region), secret(account, 'eu-north-1')].map(
    (arn) => [reads[0] ?? '', arn] as const,
  );
  return [new Map<string, string>(), ...tagSets(world, 2)].flatMap((tags) =>
    [...tried, ...(tags.size === 0 ? elsewhere : [])]
      .map(([action, arn]) => ({
        what: `${role} with ${show(tags)} may ${action} ${arn}`,
        isPossible: (sessions: Sessions) => sessions.may({ role, tags }, action, arn, tags, region, 'some'),
      }))
      .concat({
        what: `${role} with ${show(tags)} may kms:Decrypt with the key ${unnamed}`,
        isPossible: (sessions: Sessions) =>
          sessions.may({ role, tags }, 'kms:Decrypt', unnamed, tags, region, 'some', via),
      }),
  );
}

/** Who else assumes a role, or who does so in another way. Root users do not: STS refuses them (API reference, AssumeRole). */
function callerProbes(world: World, arn: string, arns: readonly string[]): Probe[] {
  const [, partition = '', , , account = ''] = arn.split(':');
  const iam = `arn:${partition}:iam`;
  const strangers = [
    ...['role/stranger', 'role/platform/eso', 'user/ann'].map((one) => `${iam}::${account}:${one}`),
    `${iam}::777777777777:role/stranger`,
    'service:pods.eks.amazonaws.com',
    'service:ec2.amazonaws.com',
  ];
  const stores = storesOf(world).map(({ store }) => store.spec.provider.aws);
  const ids = [...new Set([...stores.map(({ externalID }) => externalID), undefined, 'guessed'])];
  const passed: Passed[] = tagSets(world, 2).flatMap((tags) =>
    [tags, ...variants(tags, world)].flatMap((one) => [
      ...ids.map((externalId) => ({ tags: one, ...(externalId !== undefined && { externalId }) })),
      { tags: one, transitive: [...one.keys()] },
    ]),
  );
  const assumed = [...arns, ...strangers].flatMap((name) =>
    [...passed, { tags: new Map() } satisfies Passed].map((how: Passed) => ({
      what: `${name} assumes ${arn} with ${show(how.tags)}, external id ${how.externalId}`,
      isPossible: (sessions: Sessions) => {
        const [version] = sessions.versionsOf(name);
        const caller = version === undefined ? { name } : { name, policies: version.policies };
        return sessions.mayAssume(caller, arn, how, 'some');
      },
    })),
  );
  return [...assumed, ...podProbes(world, arn)];
}

/** Pods that get a role: by a service account of another cluster, namespace or name. */
function podProbes(world: World, arn: string): Probe[] {
  const [, partition = '', , , account = ''] = arn.split(':');
  const operators = [...world.operators.values()].flat();
  const accounts = operators.flatMap(({ namespace, serviceAccount }) => [
    ...[`${namespace}:${serviceAccount}`, `${namespace}:default`, `default:${serviceAccount}`],
    ...[`${namespace}x:${serviceAccount}`, `${namespace}:${serviceAccount}x`],
  ]);
  const subjects = [
    ...new Set([...accounts, 'external-secrets:external-secrets', 'default:default', '']),
  ].map((one) => `system:serviceaccount:${one}`);
  const web = subjects.flatMap((subject) =>
    ['sts.amazonaws.com', 'other'].map((audience) => ({
      what: `${subject} assumes ${arn} for ${audience}`,
      isPossible: (sessions: Sessions) =>
        sessions
          .versionsOf(arn)
          .some(({ trust }) =>
            providersIn(trust ?? {}).some(
              (provider) =>
                trust !== undefined && isAllowed([trust], webIdentity(provider, subject, arn, audience)),
            ),
          ),
    })),
  );
  const regions = [...new Set(storesOf(world).map(({ store }) => store.spec.provider.aws.region))];
  const clusters = [...new Set(world.services.map(({ cluster }) => cluster)), 'other'];
  const places = [...regions, 'eu-north-1'].flatMap((region) =>
    [account, '777777777777'].flatMap((owner) => clusters.map((name) => ({ region, owner, name }))),
  );
  const pods = places.flatMap(({ region, owner, name }) => {
    const source = `arn:${partition}:eks:${region}:${owner}:cluster/${name}`;
    const context = new Map([
      ['aws:sourcearn', source],
      ['aws:sourceaccount', owner],
    ]);
    return {
      what: `pods of ${source} assume ${arn}`,
      isPossible: (sessions: Sessions) =>
        sessions.mayAssume(
          { name: 'service:pods.eks.amazonaws.com', context },
          arn,
          { tags: new Map() },
          'some',
        ),
    };
  });
  return [...web, ...pods];
}

/** What a tag guard kept others from and does not any more. */
function tagsUnguarded(before: World, after: World, keys: readonly string[]): string[] {
  return [...before.tagGuards].flatMap(([account, guard]) => {
    const denied = new Set(JSON.stringify(guard).match(/(?:secretsmanager|kms):[A-Z]\w+/g) ?? []);
    // A secret without a policy of its own lets nobody in.
    const actions = [...denied].filter((action) => !action.endsWith(':DeleteResourcePolicy'));
    const now = after.tagGuards.get(account);
    const who = [...new Sessions(before).arns, `arn:aws:iam::${account}:role/stranger`];
    const region = storesOf(before)[0]?.store.spec.provider.aws.region ?? 'us-west-2';
    const requests = actions.flatMap((action) =>
      who.flatMap((principal) =>
        keys.flatMap((key) =>
          [key, key.toUpperCase(), 'other'].map((tag) => {
            const service = action.split(':')[0] ?? '';
            const thing = service === 'kms' ? 'key/mrk-1' : 'secret:any/b-AbCdEf';
            const partition = principal.split(':')[1];
            const context = new Map<string, string | readonly string[]>([
              ['aws:principalarn', principal],
              ['aws:tagkeys', [tag]],
              [`aws:requesttag/${tag.toLowerCase()}`, 'x'],
              [`aws:resourcetag/${key.toLowerCase()}`, 'x'],
              [`secretsmanager:resourcetag/${key.toLowerCase()}`, 'x'],
            ]);
            const resource = `arn:${partition}:${service}:${region}:${account}:${thing}`;
            return { what: `${principal} may ${action} with the tag ${tag}`, action, resource, context };
          }),
        ),
      ),
    );
    return requests
      .filter((request) => isDenied([guard], request) && (now === undefined || !isDenied([now], request)))
      .map(({ what }) => what);
  });
}
