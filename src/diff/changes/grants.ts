import { grouped } from '../../grouped.ts';
import { readKey } from '../access/reads.ts';
import type { Change, Read } from '../model.ts';
import { isShared, type Side, secretKey, tenantKey } from '../side.ts';
import { names, words } from '../words.ts';

/** Who gains or loses a read, beyond what a service brings that comes or takes along when it goes. */
export function grantChanges(
  base: Side,
  head: Side,
  grants: readonly Read[],
  revocations: readonly Read[],
): Change[] {
  const stayed = (read: Read) => base.tenants.has(tenantKey(read)) && head.tenants.has(tenantKey(read));
  const [gained, lost] = [grants.filter(stayed), revocations.filter(stayed)];
  const lostPairs = new Set(lost.map(readKey));
  const gainedPairs = new Set(gained.map(readKey));
  const [inPart, whole] = [
    gained.filter(({ without }) => without !== undefined),
    gained.filter(({ without }) => without === undefined),
  ];
  return [
    ...sentences(whole, (same) => granted(same, head)),
    ...sentences(inPart, (same) => grantedInPart(same, lostPairs.has(readKey(same[0])))),
    ...sentences(
      lost.filter((read) => !gainedPairs.has(readKey(read))),
      revoked,
    ),
    ...furtherReaders(base, head, grants),
    ...foreignReads(
      head,
      grants.filter((read) => !stayed(read)),
    ),
  ];
}

/** The same secret read by a service in several clusters. */
type Same = readonly [Read, ...Read[]];

function sentences(reads: readonly Read[], say: (same: Same) => Change): Change[] {
  const groups = grouped(reads, ({ service, secret, without }) => JSON.stringify([service, secret, without]));
  return [...groups.values()].map(say);
}

function granted(same: Same, head: Side): Change {
  const [{ service, secret }] = same;
  const clusters = names(same.map(({ cluster }) => cluster));
  return {
    kind: 'grant',
    danger: same.some((read) => !isEntitled(head, read)),
    subject: service,
    text: words`${service} in ${clusters} can now read ${secret}`,
    together: words`further reads by services in ${clusters}`,
  };
}

/** @param wasWhole whether the service could read all of it before */
function grantedInPart(same: Same, wasWhole: boolean): Change {
  const [{ service, secret, without = '' }] = same;
  const clusters = names(same.map(({ cluster }) => cluster));
  return {
    kind: wasWhole ? 'revocation' : 'grant',
    danger: true,
    subject: service,
    text: words`${service} in ${clusters} can read ${secret} in part only: ${without} is refused`,
    together: words`reads by services in ${clusters} are possible in part only: ${without} is refused`,
  };
}

function revoked(same: Same): Change {
  const [{ service, secret }] = same;
  const clusters = names(same.map(({ cluster }) => cluster));
  return {
    kind: 'revocation',
    danger: false,
    subject: service,
    text: words`${service} in ${clusters} can no longer read ${secret}`,
    together: words`reads by services in ${clusters} end`,
  };
}

/** Whether the labels of the reader's namespace name the identity that owns the secret. */
function isEntitled(side: Side, read: Read): boolean {
  const identity = side.secrets.get(secretKey({ ...read, name: read.secret }))?.identity;
  return identity !== undefined && side.tenants.get(tenantKey(read))?.identities.includes(identity) === true;
}

/** Services that read what others read already, by a shared identity. */
function furtherReaders(base: Side, head: Side, grants: readonly Read[]): Change[] {
  const readBefore = new Set(
    [...(base.reads?.values() ?? [])].map(({ service, secret }) => JSON.stringify([service, secret])),
  );
  const found = grants.flatMap((read) => {
    const key = secretKey({ ...read, name: read.secret });
    const [before, after] = [base.secrets.get(key), head.secrets.get(key)];
    const isSame = before !== undefined && before.identity === after?.identity;
    const isNew = isSame && isShared(head, before.identity);
    const again = readBefore.has(JSON.stringify([read.service, read.secret]));
    return isNew && !again ? [{ read, identity: before.identity }] : [];
  });
  const groups = grouped(found, ({ read, identity }) => JSON.stringify([identity, read.service]));
  return [...groups.values()].map((group): Change => {
    const [{ read, identity }] = group;
    const clusters = names(group.map((one) => one.read.cluster));
    const secrets = names(group.map((one) => one.read.secret));
    return {
      kind: 'reader',
      danger: true,
      subject: read.service,
      text: words`the shared identity ${identity} gets a further reader: ${read.service} in ${clusters} can now read ${secrets}`,
      together: words`further readers of the shared identity ${identity}`,
    };
  });
}

/** Reads of services that come, of secrets that their namespaces are not entitled to. */
function foreignReads(head: Side, grants: readonly Read[]): Change[] {
  const foreign = grants.filter((read) => !isEntitled(head, read));
  const groups = grouped(foreign, ({ service }) => service);
  return [...groups.values()].map((group): Change => {
    const [{ service }] = group;
    return {
      kind: 'grant',
      danger: true,
      subject: service,
      text: words`${service} can now read secrets of others: ${names(group.map(({ secret }) => secret))}`,
      together: words`services can now read secrets of others`,
    };
  });
}
