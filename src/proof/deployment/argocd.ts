import { checkKinds, checkProject } from './argocd-projects.ts';
import { type ApplicationSet, type AppProject, type ArgoCdObject, lookedAt } from './argocd-schema.ts';
import { chart, syncWave } from './known.ts';
import {
  agree,
  awayFromServices,
  type Clusters,
  checkServed,
  eachNamedOnce,
  eachOnce,
  type Fact,
  type Found,
  ofKind,
  rootOf,
  type SaidFirst,
} from './objects.ts';

/** Reports where the objects of Argo CD apply anything else than the folders of this dist, to each cluster its own. */
export function checkArgoCd(
  all: readonly Found<ArgoCdObject>[],
  { guards, tenants }: Clusters,
  first: SaidFirst,
): void {
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
    checkRelease(set, guards);
  }
  checkOrder(sets);
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
function checkRelease({ object, complain }: Found<ApplicationSet>, guards: Clusters['guards']): void {
  const [chartOf] = object.spec.template.spec.sources ?? [];
  if (chartOf !== undefined)
    checkServed(chartOf.targetRevision, guards, (...why) =>
      complain(['spec', 'template', 'spec', 'sources', 0, 'targetRevision'], ...why),
    );
}

/**
 * Of a later wave Argo CD makes nothing as long as something of an earlier one is not right.
 *
 * Source: https://argo-cd.readthedocs.io, "Sync Phases and Waves".
 */
function checkOrder(sets: readonly Found<ApplicationSet>[]): void {
  const waveOf = ({ object }: Found<ApplicationSet>) => Number(object.metadata.annotations?.[syncWave] ?? 0);
  const first = Math.min(...sets.map(waveOf));
  for (const set of sets)
    if (partsOf(set.object).includes('platform') && waveOf(set) > first)
      set.complain(
        ['metadata', 'annotations', syncWave],
        'something else comes before the platform',
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
  // Of a service that is gone the Application stays, with no file.
  if (object.spec.generators[0].matrix !== undefined && spec.syncPolicy.automated.allowEmpty !== true)
    complain(
      [...at, 'spec', 'syncPolicy', 'automated'],
      'what is in the cluster stays when the last of it is taken out of dist',
      'allowEmpty: true',
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

/** The name of a service's file, cut and with a checksum where it is long, and the cluster. */
const serviceName =
  /^\{\{ \$name := trimSuffix "\.yaml" \.path\.filename \}\}\{\{ if gt \(len \$name\) \d+ \}\}\{\{ \$name \| trunc \d+ \| trimAll "-" \}\}\.\{\{ \$name \| sha256sum \| trunc \d\d \}\}\{\{ else \}\}\{\{ \$name \}\}\{\{ end \}\}\.\{\{ \.shortName \}\}$/;

/** Of two Applications of one name Argo CD makes one. */
function checkNames({ object, complain }: Found<ApplicationSet>): void {
  const { name } = object.spec.template.metadata;
  const [{ matrix }] = object.spec.generators;
  const [part = ''] = partsOf(object);
  const isOwn = matrix === undefined ? name === `eso-abac.{{ .shortName }}.${part}` : serviceName.test(name);
  if (!isOwn)
    complain(
      ['spec', 'template', 'metadata', 'name'],
      `the Applications are called ${name}`,
      'names that tell parts, clusters and services apart, as eso-abac writes them',
    );
}

/** Argo CD takes a generator with a list and a matrix for two. */
function elementsOf({ spec }: ApplicationSet) {
  const [{ list, matrix }] = spec.generators;
  return [...(list?.elements ?? []), ...(matrix?.generators[0].list.elements ?? [])];
}

function factsOf(object: ArgoCdObject): Fact[] {
  const { namespace } = object.metadata;
  return [
    { topic: 'namespace of Argo CD', said: namespace, path: ['metadata', 'namespace'] },
    ...ownFacts(object),
  ];
}

function ownFacts(object: ArgoCdObject): Fact[] {
  switch (object.kind) {
    case 'Application':
      return factsOfFolder(object.spec.source, ['spec', 'source']);
    case 'AppProject':
      return object.spec.sourceRepos
        .map((repository, index): Fact => {
          return { topic: 'repository', said: asUrl(repository), path: ['spec', 'sourceRepos', index] };
        })
        .filter(({ said }) => said !== chart.repository.value);
    case 'ApplicationSet':
      return factsOfSet(object);
  }
}

function factsOfSet(object: ApplicationSet): Fact[] {
  const { source, sources } = object.spec.template.spec;
  const [{ matrix }] = object.spec.generators;
  const at = ['spec', 'template', 'spec'];
  const facts: Fact[] = [
    { topic: 'list of clusters', said: JSON.stringify(elementsOf(object)), path: ['spec', 'generators'] },
  ];
  if (source !== undefined) facts.push(...factsOfFolder(source, [...at, 'source']));
  if (sources !== undefined) {
    const [{ helm, targetRevision }, values] = sources;
    const path = [...at, 'sources', 0, 'targetRevision'];
    facts.push({ topic: 'version of the chart', said: targetRevision, path });
    facts.push(...factsOfFolder({ ...values, path: helm.valueFiles[0] }, [...at, 'sources']));
  }
  if (matrix !== undefined) {
    const { repoURL, revision, files } = matrix.generators[1].git;
    const folder = { repoURL, targetRevision: revision, path: files[0].path };
    facts.push(...factsOfFolder(folder, ['spec', 'generators']));
  }
  return facts;
}

/** A repository as Flux knows it, which takes no `git@host:path`. */
function asUrl(repository: string): string {
  return repository.includes('://') ? repository : `ssh://${repository.replace(':', '/')}`;
}

interface Folder {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path: string;
}

function factsOfFolder({ repoURL, targetRevision, path: folder }: Folder, path: Fact['path']): Fact[] {
  return [
    { topic: 'repository', said: asUrl(repoURL), path },
    { topic: 'revision', said: targetRevision, path },
    { topic: 'folder of dist', said: rootOf(folder), path },
  ];
}
