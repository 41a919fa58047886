import { grouped } from '../../grouped.ts';
import type { Store, Tenant } from '../../proof/files/model.ts';
import type { Tag } from '../../proof/iam/model.ts';
import type { Change } from '../model.ts';
import { pairs, type Side } from '../side.ts';
import { names, type Words, words } from '../words.ts';

/** What SecretStores of services that stay pass and use differently: session tags, roles, regions. */
export function storeChanges(base: Side, head: Side): Change[] {
  const found = pairs(base.tenants, head.tenants).both.flatMap(([before, after]) =>
    storesOfBoth(before, after).flatMap(([old, now]) =>
      [...tagDifferences(old, now), ...wayDifferences(old, now)].map((one) => ({ ...one, tenant: after })),
    ),
  );
  const groups = grouped(found, ({ tenant, what }) => JSON.stringify([tenant.service, what]));
  return [...groups.values()].map((group): Change => {
    const [{ tenant, kind, danger, what, several }] = group;
    const clusters = names(group.map((one) => one.tenant.cluster));
    return {
      kind,
      danger,
      subject: tenant.service,
      text: words`${tenant.service} in ${clusters} ${what}`,
      together: words`services ${several}`,
    };
  });
}

interface Difference {
  readonly kind: 'tag' | 'store';
  readonly danger: boolean;
  /** What follows the name of one service. */
  readonly what: Words;
  /** What follows "services". */
  readonly several: Words;
}

function storesOfBoth(before: Tenant, after: Tenant): (readonly [Store, Store])[] {
  const byName = (stores: readonly Store[]) => new Map(stores.map((store) => [store.name, store]));
  return pairs(byName(before.stores), byName(after.stores)).both;
}

function tagDifferences({ sessionTags: before }: Store, { sessionTags: after }: Store): Difference[] {
  const [gone, come] = [beyond(before, after), beyond(after, before)];
  const [old, now] = [gone[0], come[0]];
  if (gone.length === 1 && come.length === 1 && old !== undefined && old.value === now?.value) {
    const rest = words`the tag ${now.key} in place of ${old.key}`;
    return [{ kind: 'tag', danger: true, what: words`passes ${rest}`, several: words`pass ${rest}` }];
  }
  const changed = come.flatMap((tag): Difference[] => {
    const was = gone.find(({ key }) => key === tag.key);
    if (was === undefined) return [];
    const what = words`passes ${`${tag.key}=${tag.value}`} in place of ${`${was.key}=${was.value}`}`;
    return [{ kind: 'tag', danger: true, what, several: words`pass another value of the tag ${tag.key}` }];
  });
  const keysOf = (tags: readonly Tag[], others: readonly Tag[]) =>
    tags.filter(({ key }) => others.every((other) => other.key !== key)).map(({ key }) => key);
  const dropped = keysOf(gone, come).map((key): Difference => {
    const rest = words`the tag ${key} no longer`;
    return { kind: 'tag', danger: true, what: words`passes ${rest}`, several: words`pass ${rest}` };
  });
  const added = keysOf(come, gone).map((key): Difference => {
    return {
      kind: 'tag',
      danger: false,
      what: words`passes the further tag ${key}, and reads only secrets that carry it too`,
      several: words`pass the further tag ${key}, and read only secrets that carry it too`,
    };
  });
  return [...changed, ...dropped, ...added];
}

function beyond(tags: readonly Tag[], others: readonly Tag[]): Tag[] {
  return tags.filter(({ key, value }) => !others.some((other) => other.key === key && other.value === value));
}

/** The ways to a session that a store can take, each by what it is called. */
const settings: readonly (readonly [string, (store: Store) => unknown])[] = [
  ['access role', ({ role }) => role],
  ['region', ({ region }) => region],
  ['role chain', ({ additionalRoles }) => additionalRoles.join(', ')],
  ['external id', ({ externalId }) => externalId],
  ['transitive tag keys', ({ transitiveTagKeys }) => transitiveTagKeys.join(', ')],
];

function wayDifferences(before: Store, after: Store): Difference[] {
  return settings.flatMap(([name, of]): Difference[] => {
    const [from, to] = [of(before), of(after)].map((value) => String(value ?? '')) as [string, string];
    if (from === to) return [];
    const value = (text: string) => (text === '' ? words`none` : words`${text}`);
    const values: Words = [`another ${name}: `, ...value(from), ' becomes ', ...value(to)];
    return [{ kind: 'store', danger: true, what: words`uses ${values}`, several: words`use ${values}` }];
  });
}
