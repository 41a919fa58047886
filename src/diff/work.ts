import { grouped } from '../grouped.ts';
import type { DistSecret } from '../proof/files/model.ts';
import { type FileKind, fileKind } from '../proof/files/paths.ts';
import type { Change, FileChange, Step } from './model.ts';
import { foldersBelow, pairs, type Side } from './side.ts';
import type { Comparison } from './texts.ts';
import { names, type Words, words } from './words.ts';

/** What people have to do around the merge, in the order in which it has to be done. */
export function workOf(
  comparison: Comparison,
  base: Side,
  head: Side,
  changes: readonly Change[],
  objects: readonly FileChange[],
): Step[] {
  const widens = changes.some(
    ({ kind, danger }) => danger && ['policy', 'trust', 'kms', 'role'].includes(kind),
  );
  const isNew = files(comparison, ['policy', 'trust']).some(({ path }) => !comparison.base.has(path));
  const isNarrower = !widens && !isNew;
  const roles = rolesToApply(comparison, isNarrower);
  const before = [
    ...secretsToTag(base, head),
    ...(isNarrower ? [] : roles),
    ...operatorRolesToApply(comparison),
    ...(isDeployed(comparison)
      ? engineSteps(comparison)
      : [...platformsToApply(comparison, objects), ...operatorsToUpgrade(comparison)]),
    ...versionsToServe(objects),
  ];
  const after = [
    ...(isNarrower ? roles : []),
    ...namespacesLeft(comparison, base, head),
    ...placesLeft(comparison),
    ...secretsLeft(base, head),
  ];
  return [
    ...before.map((text): Step => ({ when: 'before', text })),
    ...after.map((text): Step => ({ when: 'after', text })),
  ];
}

function secretsToTag(base: Side, head: Side): Words[] {
  const { added, both } = pairs(base.secrets, head.secrets);
  const isPrimary = ({ region, location }: DistSecret) => {
    const is = fileKind(location.file);
    return is?.kind === 'secrets' && is.region === region;
  };
  const primaries = both.filter(([, now]) => isPrimary(now));
  const retagged = primaries.flatMap(([old, now]) => (tagsOf(old) === tagsOf(now) ? [] : [now]));
  const rekeyed = both.flatMap(([old, now]) => (old.kmsKey === now.kmsKey ? [] : [now]));
  const [created, replicas] = [added.filter(isPrimary), added.filter((one) => !isPrimary(one))];
  const isNew = new Set(created.map(({ account, name }) => `${account}/${name}`));
  const replicated = replicas.filter(({ account, name }) => !isNew.has(`${account}/${name}`));
  return [
    ...byPlaces(created).map(
      ({ secrets, places }) =>
        words`create ${secrets} in ${places}, tagged as dist says, or tag what exists ("eso-abac aws tag-commands" prints how), or the operator cannot read it`,
    ),
    ...byPlaces(replicated).map(({ secrets, places }) => words`replicate ${secrets} to ${places}`),
    ...byPlaces(retagged).map(
      ({ secrets, places }) =>
        words`change the tags of ${secrets} in ${places} together with the merge: until then the new readers are refused, from then on the old ones are`,
    ),
    ...byPlaces(rekeyed).map(
      ({ secrets, places }) =>
        words`encrypt ${secrets} in ${places} with the key that is named now, when the access role may decrypt with it and its key policy lets the account decide`,
    ),
  ];
}

/** Secrets that are in the same accounts and regions, each set of places once. */
function byPlaces(secrets: readonly DistSecret[]) {
  const byName = grouped(secrets, ({ name }) => name);
  const placesOf = (same: readonly DistSecret[]) =>
    same.map(({ account, region }) => `${account} ${region}`).sort();
  const sets = grouped(byName, ([, same]) => JSON.stringify(placesOf(same)));
  return [...sets.values()].map((group) => ({
    secrets: names(group.map(([name]) => name)),
    places: words`${names(placesOf(group[0][1]))}`,
  }));
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

/** @param isNarrower whether nothing but rights that are no longer needed goes */
function rolesToApply(comparison: Comparison, isNarrower: boolean): Words[] {
  const documents = files(comparison, ['policy', 'trust', 'cloudformation', 'terraform']);
  return [...new Set(documents.map(({ is }) => is.account))].map((account) => {
    const template = `aws/${account}/cloudformation.json`;
    const what = comparison.head.has(template)
      ? words`${template}, or the Terraform module beside it,`
      : words`the roles below ${`aws/${account}/roles`}`;
    return isNarrower
      ? words`apply ${what} when Argo CD or Flux has synced: it takes away what is no longer needed`
      : words`apply ${what} before Argo CD or Flux syncs: a store that needs what is new there fails until then, and Secrets keep the values that they have`;
  });
}

function operatorRolesToApply(comparison: Comparison): Words[] {
  const operators = files(comparison, ['eksctl', 'podIdentity']).map(({ path }) => path);
  const guards = files(comparison, ['tagGuard']).map(({ path }) => path);
  return [
    ...(operators.length === 0
      ? []
      : [words`apply ${names(operators)}, when the access role lets in the roles that they name`]),
    ...(guards.length === 0
      ? []
      : [words`attach ${names(guards)} in place of the policy that is attached now`]),
  ];
}

/** Whether Argo CD or Flux deploy platforms and operators too, in their order. */
function isDeployed({ head }: Comparison): boolean {
  return [...head.keys()].some((path) => path.startsWith('gitops/'));
}

/** What a GitOps engine cannot do by itself: begin. */
function engineSteps({ base, head, changed }: Comparison): Words[] {
  const starts = changed.filter(
    (path) =>
      head.has(path) &&
      unmarked(base.get(path)) !== unmarked(head.get(path)) &&
      /^gitops\/(?:argocd\/application\.yaml|flux\/[^/]+\/sync\/)/.test(path),
  );
  const before = foldersBelow(base, 'clusters');
  const clusters = [...foldersBelow(head, 'clusters')].filter((name) => !before.has(name));
  const hasArgo = [...head.keys()].some((path) => path.startsWith('gitops/argocd/'));
  return [
    ...(clusters.length > 0 && hasArgo ? [words`register ${names(clusters)} with Argo CD`] : []),
    ...(starts.length === 0 ? [] : [words`apply ${names(starts)} by hand, once it is merged`]),
  ];
}

function operatorsToUpgrade({ base, head, changed }: Comparison): Words[] {
  // The release that the values are for stands in a comment, so comments count here.
  const values = changed.filter(
    (path) =>
      path.startsWith('operator/') && head.has(path) && unmarked(base.get(path)) !== unmarked(head.get(path)),
  );
  if (values.length === 0) return [];
  return [words`install or upgrade the operator, with its CRDs, by ${names(values)}`];
}

function versionsToServe(objects: readonly FileChange[]): Words[] {
  const differ = objects.some(({ file, objects: all }) =>
    all.some(
      ({ fields }) => file.startsWith('clusters/') && fields.some(({ path }) => path === 'apiVersion'),
    ),
  );
  if (!differ) return [];
  return [
    words`let every cluster serve the API version that the objects have now: objects of a version that is not served are refused`,
  ];
}

/** A generated text without the lines that say what it was generated from, and its checksum. */
function unmarked(text: string | undefined): string | undefined {
  return text?.replace(/^# Generated by .*\n# Checksum: .*\n/, '');
}

function platformsToApply({ head }: Comparison, objects: readonly FileChange[]): Words[] {
  const present = foldersBelow(head, 'clusters');
  const clusters = objects.flatMap(({ file, objects: all }) => {
    const is = fileKind(file);
    return is?.kind === 'platform' && all.length > 0 && present.has(is.cluster) ? [is.cluster] : [];
  });
  if (clusters.length === 0) return [];
  const folders = names(clusters.map((cluster) => `clusters/${cluster}/platform`));
  return [words`apply ${folders} as a cluster administrator, before the services there`];
}

function namespacesLeft(comparison: Comparison, base: Side, head: Side): Words[] {
  const clusters = foldersBelow(comparison.head, 'clusters');
  const { removed, both } = pairs(base.tenants, head.tenants);
  const left = [
    ...removed,
    ...both.flatMap(([old, now]) => (old.namespace === now.namespace ? [] : [old])),
  ].filter(({ cluster }) => clusters.has(cluster));
  const byNamespace = grouped(left, ({ namespace }) => namespace);
  const sets = grouped(byNamespace, ([, same]) => JSON.stringify(same.map(({ cluster }) => cluster).sort()));
  return [...sets.values()].map((group) => {
    const namespaces = names(group.map(([namespace]) => namespace));
    const clusters = names(group[0][1].map(({ cluster }) => cluster));
    return words`move what is left in namespace ${namespaces} of ${clusters}, and delete it by hand when nobody needs it: namespaces are never pruned`;
  });
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
  return byPlaces(removed).map(
    ({ secrets, places }) =>
      words`delete ${secrets} in ${places}, or take the tags away, when nobody needs it: what was created stays in AWS as it is`,
  );
}
