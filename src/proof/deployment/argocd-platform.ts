import type { ApplicationSet, AppProject } from './argocd-schema.ts';
import type { Found } from './objects.ts';

type Kinds = readonly (readonly [group: string, kind: string])[];

/** Of an Application whose project lacks one of these, Argo CD applies nothing. */
const ofPlatform: Kinds = [
  ['', 'Namespace'],
  ['admissionregistration.k8s.io', 'ValidatingAdmissionPolicy'],
  ['admissionregistration.k8s.io', 'ValidatingAdmissionPolicyBinding'],
  ['rbac.authorization.k8s.io', 'ClusterRole'],
  ['rbac.authorization.k8s.io', 'ClusterRoleBinding'],
];

/** What the operator's chart consists of, besides. */
const ofChart: Kinds = [
  ['admissionregistration.k8s.io', 'ValidatingWebhookConfiguration'],
  ['apiextensions.k8s.io', 'CustomResourceDefinition'],
  ['', 'Secret'],
  ['', 'Service'],
  ['', 'ServiceAccount'],
  ['apps', 'Deployment'],
  ['policy', 'PodDisruptionBudget'],
  ['rbac.authorization.k8s.io', 'Role'],
  ['rbac.authorization.k8s.io', 'RoleBinding'],
];

const ofServices: Kinds = [
  ['', 'Namespace'],
  ['external-secrets.io', 'ExternalSecret'],
  ['external-secrets.io', 'SecretStore'],
];

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
  const known = isOfOperator ? [...ofPlatform, ...ofChart] : ofServices;
  for (const list of ['clusterResourceWhitelist', 'namespaceResourceWhitelist'] as const)
    for (const [index, { group, kind }] of spec[list].entries())
      if (!known.some((one) => one[0] === group && one[1] === kind))
        complain(
          ['spec', list, index, 'kind'],
          `the AppProject "${metadata.name}" allows the kind ${kind} of "${group}"`,
          known.map((one) => one[1]).join(', '),
        );
}

/**
 * Reports what keeps Argo CD from applying the platform part: a cluster would have its services and no admission
 * policies.
 *
 * Source: https://argo-cd.readthedocs.io, "Projects".
 *
 * @param set the one that applies it
 * @param destinations the clusters, as Argo CD calls them
 */
export function checkPlatform(
  { object, complain }: Found<ApplicationSet>,
  destinations: readonly string[],
  projects: readonly AppProject[],
): void {
  const { project: name, source, destination } = object.spec.template.spec;
  const refuse = (what: string, allowed: string) =>
    complain(['spec', 'template', 'spec', 'project'], `the AppProject "${name}" ${what}`, allowed);
  const project = projects.find(({ metadata }) => metadata.name === name);
  if (project === undefined) {
    const names = projects.map(({ metadata }) => metadata.name);
    refuse('is not there', names.join(', '));
    return;
  }
  const { spec } = project;
  if (source !== undefined && !spec.sourceRepos.includes(source.repoURL))
    refuse('does not allow the repository', source.repoURL);
  const { namespace = '' } = destination;
  for (const cluster of destinations) {
    const own = spec.destinations.filter(({ name }) => name === cluster);
    if (!own.some((one) => ['*', namespace].includes(one.namespace)))
      refuse(`does not allow cluster "${cluster}"`, `${cluster} with namespace ${namespace}`);
  }
  for (const [group, kind] of ofPlatform) {
    const isAllowed = spec.clusterResourceWhitelist.some((one) => one.group === group && one.kind === kind);
    if (!isAllowed)
      refuse(`does not allow the kind ${kind}`, `${kind} of "${group}" in clusterResourceWhitelist`);
  }
}
