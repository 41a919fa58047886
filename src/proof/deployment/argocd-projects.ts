import type { ApplicationSet, AppProject } from './argocd-schema.ts';
import type { Found } from './objects.ts';

/** Which list of a project a kind has to be in, for objects of the whole cluster or in a namespace. */
const lists = ['clusterResourceWhitelist', 'namespaceResourceWhitelist'] as const;
type Kinds = readonly (readonly [list: (typeof lists)[number], group: string, kind: string])[];
const [ofCluster, inNamespace] = lists;

const namespace = [ofCluster, '', 'Namespace'] as const;
const rights = [
  [ofCluster, 'rbac.authorization.k8s.io', 'ClusterRole'],
  [ofCluster, 'rbac.authorization.k8s.io', 'ClusterRoleBinding'],
] as const;

/** What each part of a cluster consists of. Of an Application whose project lacks one of these, Argo CD applies nothing. */
const kindsOf: Readonly<Record<string, Kinds>> = {
  platform: [
    namespace,
    [ofCluster, 'admissionregistration.k8s.io', 'ValidatingAdmissionPolicy'],
    [ofCluster, 'admissionregistration.k8s.io', 'ValidatingAdmissionPolicyBinding'],
    ...rights,
  ],
  operator: [
    ...rights,
    [ofCluster, 'admissionregistration.k8s.io', 'ValidatingWebhookConfiguration'],
    [ofCluster, 'apiextensions.k8s.io', 'CustomResourceDefinition'],
    [inNamespace, '', 'Secret'],
    [inNamespace, '', 'Service'],
    [inNamespace, '', 'ServiceAccount'],
    [inNamespace, 'apps', 'Deployment'],
    [inNamespace, 'policy', 'PodDisruptionBudget'],
    [inNamespace, 'rbac.authorization.k8s.io', 'Role'],
    [inNamespace, 'rbac.authorization.k8s.io', 'RoleBinding'],
  ],
  services: [
    namespace,
    [inNamespace, 'external-secrets.io', 'ExternalSecret'],
    [inNamespace, 'external-secrets.io', 'SecretStore'],
  ],
};

/**
 * Reports what a project allows beyond what services consist of, or the platform and the operator in the operator's
 * namespace: an Application may apply it.
 */
export function checkKinds(
  { object, complain }: Found<AppProject>,
  operatorNamespaces: readonly string[],
): void {
  const { metadata, spec } = object;
  const isOfOperator = spec.destinations.every(({ namespace }) => operatorNamespaces.includes(namespace));
  const parts = isOfOperator ? ['platform', 'operator'] : ['services'];
  const known = parts.flatMap((part) => kindsOf[part] ?? []);
  for (const list of lists)
    for (const [index, { group, kind }] of spec[list].entries())
      if (!known.some((one) => one[1] === group && one[2] === kind))
        complain(
          ['spec', list, index, 'kind'],
          `the AppProject "${metadata.name}" allows the kind ${kind} of "${group}"`,
          [...new Set(known.map((one) => one[2]))].join(', '),
        );
}

/**
 * Reports what keeps Argo CD from applying a part: a cluster would have its services and no admission policies, or keep
 * what has left dist.
 *
 * Source: https://argo-cd.readthedocs.io, "Projects".
 *
 * @param set one that applies it
 * @param destinations the clusters, as Argo CD calls them
 */
export function checkProject(
  { object, complain }: Found<ApplicationSet>,
  part: string,
  destinations: readonly string[],
  projects: readonly AppProject[],
): void {
  const { project: name, source, sources = [], destination } = object.spec.template.spec;
  const refuse = (what: string, allowed: string) =>
    complain(['spec', 'template', 'spec', 'project'], `the AppProject "${name}" ${what}`, allowed);
  const project = projects.find(({ metadata }) => metadata.name === name);
  if (project === undefined) {
    const names = projects.map(({ metadata }) => metadata.name);
    refuse('is not there', names.join(', '));
    return;
  }
  const { spec } = project;
  for (const { repoURL } of part === 'operator' || source === undefined ? sources : [source])
    if (!spec.sourceRepos.includes(repoURL)) refuse('does not allow the repository', repoURL);
  // Objects of services are in namespaces of their own.
  const { namespace = '*' } = destination;
  for (const cluster of destinations) {
    const own = spec.destinations.filter(({ name }) => name === cluster);
    if (!own.some((one) => ['*', namespace].includes(one.namespace)))
      refuse(`does not allow cluster "${cluster}"`, `${cluster} with namespace ${namespace}`);
  }
  const missing = (kindsOf[part] ?? []).filter(
    ([list, group, kind]) => !spec[list].some((one) => one.group === group && one.kind === kind),
  );
  if (missing.length > 0)
    refuse(
      `does not allow the kind ${missing.map(([, , kind]) => kind).join(', ')}`,
      `what the ${part} consists of, in ${lists.join(' and ')}`,
    );
}
