import { checkPlatform } from './argocd-platform.ts';
import type { ApplicationSet, ArgoCdObject } from './argocd-schema.ts';
import { chart } from './known.ts';
import {
  agree,
  type Clusters,
  eachNamedOnce,
  eachOnce,
  type Fact,
  type Found,
  ofKind,
  rootOf,
} from './objects.ts';

/** Reports where the objects of Argo CD apply anything else than the folders of this dist, to each cluster its own. */
export function checkArgoCd(all: readonly Found<ArgoCdObject>[], { guards }: Clusters): void {
  agree(all, factsOf);
  eachNamedOnce(all);
  const projects = ofKind(all, 'AppProject').map(({ object }) => object);
  const sets = ofKind(all, 'ApplicationSet');
  for (const set of sets) {
    checkNamespace(set, guards);
    checkElements(set, guards);
    checkFiles(set);
    checkNames(set);
    const destinations = elementsOf(set.object).map(({ destination }) => destination);
    if (partsOf(set.object).includes('platform')) checkPlatform(set, destinations, projects);
  }
  eachOnce(
    all,
    'ApplicationSet applies',
    ['platform', 'operator', 'services'],
    sets.flatMap(({ object }) => partsOf(object)),
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
  const namespaces = [...new Set([...guards.values()].map(({ operatorNamespace }) => operatorNamespace))];
  if (namespace === undefined ? sources === undefined : namespaces.every((one) => one === namespace)) return;
  const message = `the operator goes into namespace "${namespace ?? ''}"`;
  complain(['spec', 'template', 'spec', 'destination', 'namespace'], message, namespaces.join(', '));
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

/** Of two Applications of one name Argo CD makes one. */
function checkNames({ object, complain }: Found<ApplicationSet>): void {
  const { name } = object.spec.template.metadata;
  const [{ matrix }] = object.spec.generators;
  const [part = ''] = partsOf(object);
  const isOwn =
    matrix === undefined
      ? name === `eso-abac.{{ .shortName }}.${part}`
      : name.includes('.path.filename') && name.endsWith('}}.{{ .shortName }}');
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
  return [{ topic: 'namespace', said: namespace, path: ['metadata', 'namespace'] }, ...ownFacts(object)];
}

function ownFacts(object: ArgoCdObject): Fact[] {
  switch (object.kind) {
    case 'Application':
      return factsOfFolder(object.spec.source, ['spec', 'source']);
    case 'AppProject':
      return object.spec.sourceRepos
        .map((said, index): Fact => ({ topic: 'repository', said, path: ['spec', 'sourceRepos', index] }))
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
    const [{ helm }, values] = sources;
    facts.push(...factsOfFolder({ ...values, path: helm.valueFiles[0] }, [...at, 'sources']));
  }
  if (matrix !== undefined) {
    const { repoURL, revision, files } = matrix.generators[1].git;
    const folder = { repoURL, targetRevision: revision, path: files[0].path };
    facts.push(...factsOfFolder(folder, ['spec', 'generators']));
  }
  return facts;
}

interface Folder {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path: string;
}

function factsOfFolder({ repoURL, targetRevision, path: folder }: Folder, path: Fact['path']): Fact[] {
  return [
    { topic: 'repository', said: repoURL, path },
    { topic: 'revision', said: targetRevision, path },
    { topic: 'folder of dist', said: rootOf(folder), path },
  ];
}
