import type { Mapping } from '../../src/proof/files/store.ts';
import { askGo } from '../support/go-program.ts';

/** What is asked of a cluster with some objects; see test/apiserver/server/guard. */
export interface Question {
  readonly objects: readonly Mapping[];
  readonly requests?: readonly unknown[];
  readonly rights?: readonly unknown[];
}

/** What Kubernetes makes of it, in the same order. */
export interface Answer {
  /** Empty for an object that is taken. */
  readonly refused: readonly string[];
  readonly matched: readonly boolean[];
  readonly allowed: readonly boolean[];
}

/** Asks the libraries of the API server. */
export function askKubernetes(questions: readonly Question[]): Answer[] {
  return askGo('guard', questions);
}
