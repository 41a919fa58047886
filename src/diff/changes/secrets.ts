import { grouped } from '../../grouped.ts';
import type { DistSecret } from '../../proof/files/model.ts';
import type { Change } from '../model.ts';
import { isShared, pairs, type Side } from '../side.ts';
import { names, words } from '../words.ts';

/** Secrets that get another owner or another key, and regions that no longer hold any. */
export function secretChanges(base: Side, head: Side): Change[] {
  const { both } = pairs(base.secrets, head.secrets);
  const moved = both.filter(([before, after]) => before.identity !== after.identity);
  const rekeyed = both.filter(([before, after]) => before.kmsKey !== after.kmsKey);
  const owners = grouped(moved, ([before, after]) =>
    JSON.stringify([before.name, before.identity, after.identity]),
  );
  return [
    ...[...owners.values()].map((group) => ownerChange(group, base, head)),
    ...[...grouped(rekeyed, ([before]) => before.name).values()].map(keyChange),
  ];
}

type Group = readonly [readonly [DistSecret, DistSecret], ...(readonly [DistSecret, DistSecret])[]];

function ownerChange(group: Group, base: Side, head: Side): Change {
  const [[{ name, identity: from }, { identity: to }]] = group;
  const where = names(group.map(([{ region }]) => region));
  if (!isShared(head, to) || isShared(base, from)) {
    return {
      kind: 'owner',
      danger: true,
      subject: name,
      text: words`${name} in ${where} changes its owner from ${from} to ${to}`,
      together: words`secrets in ${where} change their owner from ${from} to ${to}`,
    };
  }
  const tenants = head.dist.clusters.flatMap((cluster) => cluster.tenants);
  const readers = tenants.filter(({ identities }) => identities.includes(to)).map(({ service }) => service);
  return {
    kind: 'shared',
    danger: true,
    subject: name,
    text: words`${name} in ${where} becomes shared: it goes from ${from} to the shared identity ${to}, which ${names(readers)} may claim`,
    together: words`secrets in ${where} become shared: they go from ${from} to the shared identity ${to}, which ${names(readers)} may claim`,
  };
}

function keyChange(group: Group): Change {
  const [[{ name, kmsKey: from }, { kmsKey: to }]] = group;
  const where = names(group.map(([{ region }]) => region));
  const key = (arn: string | undefined) => (arn === undefined ? words`the account's own key` : words`${arn}`);
  return {
    kind: 'kms',
    danger: true,
    subject: name,
    text: words`${name} in ${where} is to be encrypted with ${key(to)}, no longer with ${key(from)}`,
    together: words`secrets in ${where} are to be encrypted with ${key(to)}, no longer with ${key(from)}`,
  };
}
