import type { Failure } from '../counterexample.ts';
import type { Decision, Statement } from '../iam/model.ts';

/** The first failure of each kind at each statement: the shortest cases come first, and more would say the same. */
export class FailureList<Kind extends string> {
  private readonly found = new Map<string, Failure<Kind>>();

  add(failure: Failure<Kind>): void {
    const { kind, decision, counterexample } = failure;
    const by = ours(decision).map(
      ({ location }) => `${location.file}:${location.start.line}:${location.start.column}`,
    );
    const key = JSON.stringify([kind, counterexample.role, by]);
    if (!this.found.has(key)) this.found.set(key, failure);
  }

  all(): readonly Failure<Kind>[] {
    return [...this.found.values()];
  }
}

/** The statements of a decision that stand in a file, and are not those of a caller of whom nothing is known. */
export function ours({ by }: Decision): Statement[] {
  return by.filter(({ location }) => location.file !== '');
}
