import type { Complain } from '../files/store.ts';
import { elementsOf, factsOf } from './argocd-facts.ts';
import { checkKinds, checkProject } from './argocd-projects.ts';
import { type ApplicationSet, type AppProject, type ArgoCdObject, lookedAt } from './argocd-schema.ts';
import { syncWave } from './known.ts';
import {
  agree,
  awayFromServices,
  type Clusters,
  checkServed,
  eachNamedOnce,
  eachOnce,
  type Found,
  ofKind,
  type SaidFirst,
} from './objects.ts';

/** Reports where the objects of Argo CD apply anything else than the folders of this dist, to each cluster its own. */
export function checkArgoCd(all: readonly Found<ArgoCdObject>[], clusters: Clusters, first: SaidFirst): void {
  const { guards, tenants } = clusters;
  agree(all, factsOf, first);
  eachNamedOnce(all);
  // It runs in one of the clusters, and which that is no file says.
  awayFromServices(all, [...tenants.values()].flat());
  for (const project of ofKind(all, 'AppProject')) checkKinds(project, operatorNamespaces(guards));
  const projects = ofKind(all, 'AppProject').map(({ object }) => object);
  for (const application of ofKind(all, 'Application')) checkApplication(application, projects);
  const sets = ofKind(all, 'ApplicationSet');
  for (const set of sets) {
    checkNamespace(set, guards);
    checkElements(set, guards);
    checkFiles(set);
    checkChanges(set);
    checkNames(set);
    const destinations = elementsOf(set.object).map(({ destination }) => destination);
    for (const part of partsOf(set.object)) checkProject(set, part, destinations, projects);
    checkRelease(set, clusters);
  }
  checkOrder(sets, ofKind(all, 'AppProject'));
  checkClusters(sets, guards);
  eachOnce(
    all,
    'ApplicationSet applies',
    ['platform', 'operator', 'services'],
    sets.flatMap(({ object }) => partsOf(object)),
  );
}

/**
 * The Application that applies the others has the name of none of them, of which each has a dot: Argo CD makes none that
 * is there already. The projects of dist allow none of its own kinds.
 */
function checkApplication(
  { object, complain }: Found<Extract<ArgoCdObject, { readonly kind: 'Application' }>>,
  projects: readonly AppProject[],
): void {
  const { metadata, spec } = object;
  if (metadata.name.includes('.'))
    complain(
      ['metadata', 'name'],
      `"${metadata.name}" may be the name of an Application that a set makes`,
      'a name without a dot',
    );
  if (projects.some((project) => project.metadata.name === spec.project))
    complain(
      ['spec', 'project'],
      `the AppProject "${spec.project}" allows no objects of Argo CD`,
      'a project from outside of dist',
    );
}

/** The operator has to serve what is applied. */
function checkRelease({ object, complain }: Found<ApplicationSet>, clusters: Clusters): void {
  const [chartOf] = object.spec.template.spec.sources ?? [];
  if (chartOf !== undefined)
    checkServed(chartOf.targetRevision, clusters, (...why) =>
      complain(['spec', 'template', 'spec', 'sources', 0, 'targetRevision'], ...why),
    );
}

/**
 * Of a later wave Argo CD makes nothing as long as something of an earlier one is not right, as a set is whose project is not
 * there.
 *
 * Source: https://argo-cd.readthedocs.io, "Sync Phases and Waves".
 */
function checkOrder(sets: readonly Found<ApplicationSet>[], projects: readonly Found<AppProject>[]): void {
  const waveOf = ({ object }: Found<ArgoCdObject>) => Number(object.metadata.annotations?.[syncWave] ?? 0);
  const first = Math.min(...sets.map(waveOf));
  for (const one of [...projects, ...sets.filter(({ object }) => partsOf(object).includes('platform'))])
    if (waveOf(one) > first)
      one.complain(
        ['metadata', 'annotations', syncWave],
        `something else comes before "${one.object.metadata.name}"`,
        'the first wave of all sets',
      );
}

/** Which parts of a cluster a set applies: with a source and sources it would be two. */
function partsOf({ spec }: ApplicationSet): string[] {
  const { source, sources } = spec.template.spec;
  const folder = source === undefined ? [] : [source.path.replace(/^.*\//, '')];
  return sources === undefined ? folder : [...folder, 'operator'];
}

/** Objects of the platform and of services name theirs, those of the chart go where they are told. */
function checkNamespace({ object, complain }: Found<ApplicationSet>, guards: Clusters['guards']): void {
  const { destination, sources } = object.spec.template.spec;
  const { namespace } = destination;
  const namespaces = operatorNamespaces(guards);
  if (namespace === undefined ? sources === undefined : namespaces.every((one) => one === namespace)) return;
  const message = `the operator goes into namespace "${namespace ?? ''}"`;
  complain(['spec', 'template', 'spec', 'destination', 'namespace'], message, namespaces.join(', '));
}

function operatorNamespaces(guards: Clusters['guards']): string[] {
  return [...new Set([...guards.values()].map(({ operatorNamespace }) => operatorNamespace))];
}

/** The platform of a cluster is applied as a whole, and a file by its name where a generator looks for files. */
function checkFiles({ object, complain }: Found<ApplicationSet>): void {
  const { source } = object.spec.template.spec;
  const [{ matrix }] = object.spec.generators;
  const parts = partsOf(object);
  if (matrix !== undefined && parts.some((part) => part !== 'services'))
    complain(
      ['spec', 'generators'],
      `files of services decide about ${parts.join(', ')}`,
      'a list of clusters',
    );
  const expected = matrix === undefined ? '*.yaml' : '{{ .path.filename }}';
  const include = source?.directory.include ?? expected;
  if (include !== expected)
    complain(
      ['spec', 'template', 'spec', 'source', 'directory', 'include'],
      `${include} is not what the generator finds`,
      expected,
    );
}

/** What leaves dist has to leave the cluster, and what changes has to be seen. */
function checkChanges({ object, complain }: Found<ApplicationSet>): void {
  const { metadata, spec } = object.spec.template;
  const at = ['spec', 'template'];
  const files = metadata.annotations?.[lookedAt];
  const applied = spec.source?.directory.include;
  if (files !== undefined && files !== applied)
    complain(
      [...at, 'metadata', 'annotations', lookedAt],
      'Argo CD does not see that other files change',
      applied ?? 'no such annotation',
    );
  if (applied !== undefined && spec.syncPolicy.automated.prune !== true)
    complain(
      [...at, 'spec', 'syncPolicy', 'automated'],
      'what is taken out of dist stays in the cluster',
      'prune: true',
    );
  checkPruning(object, complain);
  // Of a service that is gone the Application stays, with no file.
  if (object.spec.generators[0].matrix !== undefined && spec.syncPolicy.automated.allowEmpty !== true)
    complain(
      [...at, 'spec', 'syncPolicy', 'automated'],
      'what is in the cluster stays when the last of it is taken out of dist',
      'allowEmpty: true',
    );
}

/**
 * What leaves dist last waits until all else is healthy. Of the platform that is so at once, and a policy is there before the one
 * in whose place it comes is gone; of services it may never be.
 *
 * Source: https://argo-cd.readthedocs.io, "Sync Options", on "Prune Last".
 */
function checkPruning(object: ApplicationSet, complain: Complain): void {
  const { source, syncPolicy } = object.spec.template.spec;
  const isLast = syncPolicy.syncOptions.includes('PruneLast=true');
  const isPlatform = partsOf(object).includes('platform');
  if (source === undefined || isLast === isPlatform) return;
  complain(
    ['spec', 'template', 'spec', 'syncPolicy', 'syncOptions'],
    isLast
      ? 'what is taken out of dist stays in the cluster as long as something is not healthy'
      : 'what is taken out of dist is gone before that which takes its place is there',
    isLast ? 'no PruneLast=true' : 'PruneLast=true',
  );
}

/** Where nothing is applied any more, what was applied stays as it is, and what changes in dist never gets there. */
function checkClusters(sets: readonly Found<ApplicationSet>[], guards: Clusters['guards']): void {
  const listed = sets.flatMap(({ object }) => elementsOf(object).map(({ cluster }) => cluster));
  for (const cluster of guards.keys())
    if (!listed.includes(cluster))
      sets[0]?.complain(
        ['spec', 'generators'],
        `nothing is applied in cluster "${cluster}"`,
        'each cluster of dist',
      );
}

function checkElements({ object, complain }: Found<ApplicationSet>, guards: Clusters['guards']): void {
  const path = ['spec', 'generators'];
  const elements = elementsOf(object);
  for (const { cluster } of elements)
    if (!guards.has(cluster))
      complain(path, `there is no cluster "${cluster}"`, [...guards.keys()].join(', '));
  for (const key of ['cluster', 'destination', 'shortName'] as const) {
    const values = elements.map((one) => one[key]);
    for (const twice of values.filter((value, index) => values.indexOf(value) !== index))
      complain(path, `two elements have the ${key} "${twice}"`, `a ${key} for each`);
  }
}

/** The name of a service's file, cut and with a checksum where it is long, and the cluster: at most 63 characters. */
const serviceName =
  '{{ $name := trimSuffix ".yaml" .path.filename }}{{ if gt (len $name) 32 }}{{ $name | trunc 21 | trimAll "-" }}.{{ $name | sha256sum | trunc 10 }}{{ else }}{{ $name }}{{ end }}.{{ .shortName }}';

/** Of two Applications of one name Argo CD makes one. */
function checkNames({ object, complain }: Found<ApplicationSet>): void {
  const { name } = object.spec.template.metadata;
  const [{ matrix }] = object.spec.generators;
  const [part = ''] = partsOf(object);
  const own = matrix === undefined ? `eso-abac.{{ .shortName }}.${part}` : serviceName;
  if (name !== own)
    complain(
      ['spec', 'template', 'metadata', 'name'],
      `the Applications are called ${name}`,
      'names that tell parts, clusters and services apart, as eso-abac writes them',
    );
}
