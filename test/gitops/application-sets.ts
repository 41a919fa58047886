import path from 'node:path';
import { type KubernetesObject, objectsIn } from '../support/run-compile.ts';
import { type Parameters, render } from './go-template.ts';

/** An Application as far as the tests look into it. */
export interface Application {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly project: string;
    readonly destination: { readonly name: string; readonly namespace?: string };
    readonly source?: Source;
    readonly sources?: readonly Source[];
    readonly syncPolicy: { readonly automated: Readonly<Record<string, boolean>> };
  };
}

interface Source {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path?: string;
  readonly directory?: { readonly include: string };
  readonly helm?: { readonly valueFiles: readonly string[] };
}

interface List {
  readonly elements: readonly Parameters[];
}

interface Generator {
  readonly list?: List;
  readonly matrix?: { readonly generators: readonly [{ readonly list: List }, { readonly git: Git }] };
}

interface Git {
  readonly files: readonly [{ readonly path: string }];
}

const ofItsKind = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };

interface ApplicationSetSpec {
  readonly generators: readonly [Generator];
  readonly template: unknown;
}

/** A repository: the text of each file by its path. */
export type Repository = ReadonlyMap<string, string>;

/**
 * The Applications that Argo CD makes from a set. The list generator yields its elements; the git generator what the
 * first document of each file says and where the file lies; matrix combines them, where the first one wins.
 *
 * Source: Argo CD, applicationset/generators, and the documents on these generators.
 */
export function applicationsOf(set: KubernetesObject, repository: Repository): Application[] {
  const { generators, template } = set.spec as ApplicationSetSpec;
  return parametersOf(generators[0], repository).map((parameters) => ({
    ...ofItsKind,
    ...(renderAll(template, parameters) as Omit<Application, 'kind'>),
  }));
}

function parametersOf({ list, matrix }: Generator, repository: Repository): readonly Parameters[] {
  if (list !== undefined) return list.elements;
  const [{ list: first }, { git }] = matrix?.generators ?? [{ list: { elements: [] } }, { git: noFiles }];
  return first.elements.flatMap((element) =>
    filesOf(render(git.files[0].path, element), repository).map((file) => ({ ...file, ...element })),
  );
}

const noFiles: Git = { files: [{ path: '' }] };

/** In the pattern of a path, `*` stands for any text. */
function filesOf(pattern: string, repository: Repository): Parameters[] {
  const regex = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`);
  return [...repository].flatMap(([file, text]) => {
    if (!regex.test(file)) return [];
    const [first] = objectsIn(text);
    const place = { path: path.posix.dirname(file), filename: path.posix.basename(file) };
    return [{ ...(first as unknown as Parameters), path: place }];
  });
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function renderAll(template: unknown, parameters: Parameters): unknown {
  if (typeof template === 'string') return render(template, parameters);
  if (Array.isArray(template)) return template.map((entry) => renderAll(entry, parameters));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, renderAll(value, parameters)]),
  );
}
