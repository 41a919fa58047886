import type { ApplicationSet, ArgoCdObject } from './argocd-schema.ts';
import { chart } from './known.ts';
import { type Fact, rootOf } from './objects.ts';

/** Argo CD takes a generator with a list and a matrix for two. */
export function elementsOf({ spec }: ApplicationSet) {
  const [{ list, matrix }] = spec.generators;
  return [...(list?.elements ?? []), ...(matrix?.generators[0].list.elements ?? [])];
}

/** What an object says of where dist is, and which clusters there are: all must say the same. */
export function factsOf(object: ArgoCdObject): Fact[] {
  const { namespace } = object.metadata;
  return [
    { topic: 'namespace of Argo CD', said: namespace, path: ['metadata', 'namespace'] },
    ...ownFacts(object),
  ];
}

function ownFacts(object: ArgoCdObject): Fact[] {
  switch (object.kind) {
    case 'Application':
      return [
        {
          topic: 'namespace of Argo CD',
          said: object.spec.destination.namespace,
          path: ['spec', 'destination', 'namespace'],
        },
        ...factsOfFolder(object.spec.source, ['spec', 'source']),
      ];
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
