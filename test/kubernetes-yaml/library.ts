import { askGo } from '../support/go-program.ts';

/** What Kubernetes reads a text as; see test/apiserver/server/yaml. */
export interface Answer {
  readonly documents: readonly unknown[];
  readonly refused?: string;
}

/** Has texts read as Kubernetes reads files of manifests. */
export function readByKubernetes(texts: readonly string[]): Answer[] {
  return askGo('yaml', texts);
}
