import type { DistSecret } from '../proof/files/model.ts';
import type { FileKind } from '../proof/files/paths.ts';
import { fileKind } from '../proof/files/paths.ts';
import type { FileChange, Step } from './model.ts';
import { foldersBelow, grouped, pairs, type Side } from './side.ts';
import type { Comparison } from './texts.ts';
import { names, type Words, words } from './words.ts';

/** What people have to do around the merge, in the order in which it has to be done. */
export function workOf(
  comparison: Comparison,
  base: Side,
  head: Side,
  objects: readonly FileChange[],
): Step[] {
  const before = [
    ...secretsToTag(base, head),
    ...rolesToApply(comparison),
    ...operatorsToUpgrade(comparison, objects),
    ...platformsToApply(comparison),
  ];
  const after = [
    ...namespacesLeft(comparison, base, head),
    ...placesLeft(comparison),
    ...secretsLeft(base, head),
  ];
  return [
    ...before.map((text): Step => ({ when: 'before', text })),
    ...after.map((text): Step => ({ when: 'after', text })),
  ];
}

type Group = readonly [DistSecret, ...DistSecret[]];

function secretsToTag(base: Side, head: Side): Words[] {
  const { added, both } = pairs(base.secrets, head.secrets);
  const retagged = both.flatMap(([old, now]) => (tagsOf(old) === tagsOf(now) ? [] : [now]));
  const rekeyed = both.flatMap(([old, now]) => (old.kmsKey === now.kmsKey ? [] : [now]));
  const at = ({ account, region }: DistSecret) => words`account ${account}, region ${region}`;
  const list = (group: Group) => names(group.map(({ name }) => name));
  return [
    ...byPlace(added).map(
      (group) =>
        words`create ${list(group)} in ${at(group[0])} with their tags, or tag those that exist ("eso-abac aws tag-commands" prints how), or the operator cannot read them`,
    ),
    ...byPlace(retagged).map(
      (group) =>
        words`change the tags of ${list(group)} in ${at(group[0])} when this is merged: until then the new readers are refused, and from then on those who claim the old tags`,
    ),
    ...byPlace(rekeyed).map(
      (group) =>
        words`encrypt ${list(group)} in ${at(group[0])} with the key that is named now, after the access role is allowed to decrypt with it and its key policy lets the account decide`,
    ),
  ];
}

function byPlace(secrets: readonly DistSecret[]): Group[] {
  return [...grouped(secrets, ({ account, region }) => `${account}/${region}`).values()];
}

function tagsOf({ tags }: DistSecret): string {
  return JSON.stringify(tags.map(({ key, value }) => [key, value]).sort());
}

/** Files that changed or came, by their kind. */
function files<Kind extends FileKind['kind']>({ head, changed }: Comparison, kinds: readonly Kind[]) {
  return changed.flatMap((path) => {
    const is = fileKind(path);
    const isWanted = is !== undefined && head.has(path) && (kinds as readonly string[]).includes(is.kind);
    return isWanted ? [{ path, is: is as FileKind & { readonly kind: Kind } }] : [];
  });
}

function rolesToApply(comparison: Comparison): Words[] {
  const documents = files(comparison, ['policy', 'trust', 'cloudformation', 'terraform']);
  const accounts = [...new Set(documents.map(({ is }) => is.account))];
  const others = files(comparison, ['eksctl', 'podIdentity']);
  const guards = files(comparison, ['tagGuard']).map(({ path }) => path);
  return [
    ...accounts.map((account) => {
      const made = ['cloudformation.json', 'terraform.tf.json'].map((name) => `aws/${account}/${name}`);
      const present = made.filter((path) => comparison.head.has(path));
      const what =
        present.length === 0
          ? words`the roles below ${`aws/${account}/roles`}`
          : words`${present[0] ?? ''}, or the Terraform module beside it,`;
      return words`apply ${what} before Argo CD or Flux syncs: a store that needs what is new there fails until then, and Secrets keep the values that they have`;
    }),
    ...(others.length === 0
      ? []
      : [
          words`apply ${names(others.map(({ path }) => path))}, after the roles that they name let the operator in`,
        ]),
    ...(guards.length === 0
      ? []
      : [words`attach ${names(guards)} in place of the policy that is attached now`]),
  ];
}

function operatorsToUpgrade({ head, changed }: Comparison, objects: readonly FileChange[]): Words[] {
  const values = changed.filter((path) => path.startsWith('operator/') && head.has(path));
  const versions = objects.some(({ objects: all }) =>
    all.some(({ kind, fields }) => kind !== 'Namespace' && fields.some(({ path }) => path === 'apiVersion')),
  );
  return [
    ...(values.length === 0
      ? []
      : [words`install or upgrade the operator, with its CRDs, by ${names(values)}`]),
    ...(versions
      ? [
          words`let every cluster serve the API version that the objects have now: objects of a version that is not served are refused`,
        ]
      : []),
  ];
}

function platformsToApply(comparison: Comparison): Words[] {
  const clusters = new Set(files(comparison, ['platform']).map(({ is }) => is.cluster));
  if (clusters.size === 0) return [];
  const folders = [...clusters].map((cluster) => `clusters/${cluster}/platform`);
  return [words`apply ${names(folders)} as a cluster administrator, before the services there`];
}

function namespacesLeft(comparison: Comparison, base: Side, head: Side): Words[] {
  const clusters = foldersBelow(comparison.head, 'clusters');
  const { removed, both } = pairs(base.tenants, head.tenants);
  const left = [
    ...removed,
    ...both.flatMap(([old, now]) => (old.namespace === now.namespace ? [] : [old])),
  ].filter(({ cluster }) => clusters.has(cluster));
  return [...grouped(left, ({ cluster }) => cluster)].map(
    ([cluster, group]) =>
      words`in ${cluster}, look at what is left in ${names(group.map(({ namespace }) => namespace))} and move it; the namespaces are never pruned, so delete them by hand when nobody needs them: until then their SecretStores, where they are not pruned either, still claim what they claimed`,
  );
}

function placesLeft({ base, head, changed }: Comparison): Words[] {
  const gone = (folder: string) => {
    const now = foldersBelow(head, folder);
    return [...foldersBelow(base, folder)].filter((name) => !now.has(name));
  };
  const [clusters, accounts] = [gone('clusters'), gone('aws')];
  const roles = changed.flatMap((path) => {
    const is = fileKind(path);
    return is?.kind === 'policy' && !head.has(path) && !accounts.includes(is.account)
      ? [`${is.account}/${is.role}`]
      : [];
  });
  return [
    ...(clusters.length === 0
      ? []
      : [
          words`take ${names(clusters)} out of what Argo CD or Flux looks after, and uninstall the operator there`,
        ]),
    ...(roles.length === 0 ? [] : [words`delete the roles ${names(roles)}, which no file makes any more`]),
    ...(accounts.length === 0
      ? []
      : [
          words`in ${names(accounts)} delete the stack or module with the roles; the secrets stay until somebody deletes them`,
        ]),
  ];
}

function secretsLeft(base: Side, head: Side): Words[] {
  const { removed } = pairs(base.secrets, head.secrets);
  return byPlace(removed).map(
    (group) =>
      words`${names(group.map(({ name }) => name))} in account ${group[0].account}, region ${group[0].region} stay in AWS with their tags: delete them, or take the tags away, when nobody needs them`,
  );
}
