import type { Spec } from '../../src/input/schema.ts';
import { asFiles, compileValid, type KubernetesObject, objectsIn } from '../support/run-compile.ts';
import type { Repository } from './application-sets.ts';

export const repository = 'https://git.example.com/team/platform.git';

type GitopsSpec = NonNullable<Spec['gitops']>;

/** Two clusters and three services, with both engines. */
export function spec(gitops: Partial<GitopsSpec> = {}, rest: Partial<Spec> = {}): Spec {
  return {
    version: 1,
    aws: { account: '123456789012' },
    gitops: { repository, argocd: {}, flux: {}, ...gitops },
    clusters: { prod: { region: 'us-west-2' }, staging: { region: 'eu-west-1' } },
    services: ['payments', 'orders', 'ledger'].map((name) => ({
      name,
      clusters: ['prod', 'staging'],
      secrets: [`${name}/db`],
    })),
    ...rest,
  };
}

/** What a valid spec yields. */
export function distOf(input: Spec): Repository {
  return new Map(compileValid(asFiles(input)).files.map(({ path, text }) => [path, text]));
}

/** The objects of the files below a folder of dist. */
export function objectsBelow(dist: Repository, folder: string): KubernetesObject[] {
  return [...dist].filter(([path]) => path.startsWith(folder)).flatMap(([, text]) => objectsIn(text));
}

/** dist as it lies in the repository. */
export function committed(dist: Repository, folder = 'dist'): Repository {
  return new Map([...dist].map(([path, text]) => [folder === '.' ? path : `${folder}/${path}`, text]));
}

/** The object of a kind and name. */
export function named(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}
