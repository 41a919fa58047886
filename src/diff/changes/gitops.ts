import { grouped } from '../../grouped.ts';
import type { Change, FieldChange, FileChange, ObjectChange } from '../model.ts';
import { names, type Words, words } from '../words.ts';

/** Fields that say what is deployed from where, as whom, what may be deployed, and what is deleted with it. */
const deciding =
  /prune|preserveResourcesOnDeletion|applicationsSync|deletionPolicy|finalizers|Whitelist|Blacklist|sourceRepos|repoURL|url|revision|branch|serviceAccountName/i;

/** What differs in the objects by which Argo CD or Flux deploy, as far as it decides what they may do and delete. */
export function gitopsChanges(objects: readonly FileChange[]): Change[] {
  const found = objects
    .filter(({ file, change }) => file.startsWith('gitops/') && change !== 'added')
    .flatMap(({ file, objects: all }) =>
      all.flatMap((object) => differences(object).map((what) => ({ file, what }))),
    );
  const groups = grouped(found, ({ what }) => JSON.stringify(what));
  return [...groups.values()].map((group): Change => {
    const [{ file, what }] = group;
    const files = names(group.map((one) => one.file));
    const together = words`differences in how ${files} deploys`;
    return { kind: 'gitops', danger: true, subject: file, text: words`${files}: ${what}`, together };
  });
}

function differences({ change, kind, name, fields }: ObjectChange): Words[] {
  const object = words`${`${kind} ${name}`}`;
  if (change === 'added') return [];
  if (change === 'removed') return [words`${object} goes; look at what is deleted with it`];
  return fields
    .filter(({ path }) => deciding.test(path))
    .map((field) => words`${object} has ${fieldWords(field)}`);
}

/** A field with what it holds now and held before. */
export function fieldWords({ path, from, to }: FieldChange): Words {
  const value = (one: unknown) => (one === undefined ? words`nothing` : words`${JSON.stringify(one)}`);
  return words`${path} ${value(to)}, no longer ${value(from)}`;
}
