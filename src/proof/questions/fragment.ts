import { resourceTests, type ValueTest, valueTests, variablesOf } from '../cases/tests.ts';
import type { Policy } from '../iam/model.ts';

/** A comparison for which the case analysis would not be complete. */
export interface Uncovered {
  readonly test: ValueTest;
  readonly why: string;
}

/**
 * The comparisons of these policies that the case analysis does not cover. It covers every text with wildcards, and a
 * variable that is the whole text of a StringEquals or StringNotEquals: then only equality matters.
 */
export function uncovered(policies: readonly Policy[]): Uncovered[] {
  const tests = [...[...valueTests(policies).values()].flat(), ...resourceTests(policies)];
  return tests.flatMap((test) => {
    const why = variablesOf(test).length === 0 ? undefined : reason(test);
    return why === undefined ? [] : [{ test, why }];
  });
}

function reason({ how, pattern }: ValueTest): string | undefined {
  if (how === 'resource')
    return `the variable in the resource "${pattern.source}" is not covered by the proof`;
  if (how === 'like' || how === 'arn')
    return `"${pattern.source}" is compared as a pattern: what a "*" in the variable's value does then is not documented`;
  if (how === 'ignoreCase')
    return `"${pattern.source}" is compared without case, and tag values differ by case`;
  if (pattern.parts.length > 1)
    return `"${pattern.source}" is more than a variable, which the proof does not cover`;
  return undefined;
}
