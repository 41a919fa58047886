import { resourceTests, type ValueTest, valueTests, variablesOf } from '../cases/tests.ts';
import { conditionKey, principalTag, requestTag, resourceTags } from '../iam/keys.ts';
import type { Policy } from '../iam/model.ts';

/** A comparison for which the case analysis would not be complete. */
export interface Uncovered {
  readonly test: ValueTest;
  readonly why: string;
}

/**
 * The comparisons of these policies that the case analysis does not cover. It covers every text with wildcards, and a
 * variable that is the whole text of a StringEquals or StringNotEquals, where one tag is compared with another: then only
 * equality matters, and values are tried that are equal and that differ.
 */
export function uncovered(policies: readonly Policy[]): Uncovered[] {
  return policies.flatMap((policy) => {
    const compared = [...valueTests([policy])].flatMap(([key, tests]) =>
      tests.map((test) => ({ test, why: reason(test) ?? otherThanTags(key, test, policy) })),
    );
    const resources = resourceTests([policy]).map((test) => ({ test, why: reason(test) }));
    return [...compared, ...resources].flatMap(({ test, why }) => (why === undefined ? [] : [{ test, why }]));
  });
}

function reason(test: ValueTest): string | undefined {
  const { how, pattern } = test;
  if (variablesOf(test).length === 0) return undefined;
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

/** The keys that values are tried for which equal those of a variable, by how both begin. */
function isTried(key: string, variable: string, { kind }: Policy): boolean {
  if (variable.startsWith(requestTag)) return kind === 'trust' && key.startsWith(requestTag);
  const keys = [principalTag, requestTag, ...(kind === 'trust' ? [] : resourceTags)];
  return variable.startsWith(principalTag) && keys.some((prefix) => key.startsWith(prefix));
}

/** No document says where a request comes from, for example: that it equals a tag is none of the cases. */
function otherThanTags(key: string, test: ValueTest, policy: Policy): string | undefined {
  if (variablesOf(test).every((variable) => isTried(key, variable, policy))) return undefined;
  const name = conditionKey(key)?.name ?? key;
  return `"${name}" is compared with "${test.pattern.source}", and the proof covers tags alone that are compared so`;
}
