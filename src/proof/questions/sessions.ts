import { type ValueTests, variablesOf } from '../cases/tests.ts';
import type { CaseValue } from '../cases/values.ts';
import { resourceTags } from '../iam/keys.ts';
import type { Role, Session, Tag } from '../iam/model.ts';

/** A tag of a resource, whichever condition key it is looked at with; other keys as they are. */
export function resourceTagName(key: string): string {
  const prefix = resourceTags.find((prefix) => key.startsWith(prefix));
  return prefix === undefined ? key : `resourcetag/${key.slice(prefix.length)}`;
}

/** The tag keys, in lower case, that tests or variables look at under a prefix. */
export function testedTags(tests: ValueTests, prefixes: readonly string[]): string[] {
  const keys = [...tests].flatMap(([key, those]) => [key, ...those.flatMap(variablesOf)]);
  const tags = prefixes.flatMap((prefix) =>
    keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)),
  );
  return [...new Set(tags)];
}

/** The same keys, those of the question first and in their own spelling. */
export function withSpelling(tagKeys: readonly string[], tested: readonly string[]): string[] {
  const own = new Set(tagKeys.map((key) => key.toLowerCase()));
  return [...tagKeys, ...tested.filter((key) => !own.has(key))];
}

/** Tags by their keys, where there is a value. */
export function tagsOf(keys: readonly string[], values: readonly CaseValue[]): Tag[] {
  return keys.flatMap((key, index) => {
    const value = values[index];
    return value === null || value === undefined ? [] : [{ key, value }];
  });
}

/** What the ARN of a role says: where the role is, and its name without the path. */
export function placeOf({ arn }: Role): { partition: string; account: string; name: string } {
  const [, partition = '', , , account = '', ...resource] = arn.split(/[:/]/);
  return { partition, account, name: resource.at(-1) ?? '' };
}

/** A session of a role with these tags, however it came about. */
export function sessionWith(role: Role, tags: readonly Tag[]): Session {
  const { partition, account, name } = placeOf(role);
  const session = `arn:${partition}:sts::${account}:assumed-role/${name}/session`;
  const passed = new Set(tags.map(({ key }) => key.toLowerCase()));
  const own = role.tags.filter(({ key }) => !passed.has(key.toLowerCase()));
  return {
    role,
    principal: { type: 'session', role: role.arn, session, account },
    tags: [...tags, ...own],
    transitive: [],
  };
}

/** The value of a tag, its key in any case. */
export function tagValue(tags: readonly Tag[], key: string): string | undefined {
  for (const tag of tags) {
    if (tag.key === key || tag.key.toLowerCase() === key.toLowerCase()) return tag.value;
  }
  return undefined;
}
