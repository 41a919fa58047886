import { grouped } from '../../grouped.ts';
import type { Change, ChangeKind } from '../model.ts';
import { compareFields } from '../objects/fields.ts';
import { type FoundObject, type Mapping, mappingOf, objectsOf } from '../objects/objects.ts';
import { foldersBelow, pairs } from '../side.ts';
import type { Comparison, Texts } from '../texts.ts';
import { names, type Words, words } from '../words.ts';

/** What differs in the platforms of clusters that stay: admission policies, rights, the operator's namespace. */
export function guardChanges({ base, head, changed }: Comparison): Change[] {
  const stay = [...foldersBelow(base, 'clusters')].filter((name) => foldersBelow(head, 'clusters').has(name));
  const found = stay.flatMap((cluster) => {
    const folder = `clusters/${cluster}/platform/`;
    const files = changed.filter((path) => path.startsWith(folder));
    if (files.length === 0) return [];
    return platformDifferences(platformOf(base, files), platformOf(head, files)).map((one) => ({
      ...one,
      cluster,
    }));
  });
  const groups = grouped(found, ({ text }) => JSON.stringify(text));
  return [...groups.values()].map((group): Change => {
    const [{ kind, danger, subject, text }] = group;
    const clusters = names(group.map(({ cluster }) => cluster));
    const together = words`differences in what guards ${clusters}`;
    return { kind, danger, subject, text: words`in ${clusters} ${text}`, together };
  });
}

interface Difference {
  readonly kind: ChangeKind;
  readonly danger: boolean;
  readonly subject: string;
  /** What follows "in" and the cluster. */
  readonly text: Words;
}

function platformOf(texts: Texts, files: readonly string[]): Map<string, FoundObject> {
  const objects = files.flatMap((file) => objectsOf(file, texts.get(file) ?? '') ?? []);
  return new Map(objects.map((one) => [JSON.stringify([one.kind, one.name]), one]));
}

function platformDifferences(
  before: ReadonlyMap<string, FoundObject>,
  after: ReadonlyMap<string, FoundObject>,
): Difference[] {
  const { added, removed, both } = pairs(before, after);
  const isOff = both.some(([old, now]) => !saysOff(old) && saysOff(now));
  const isOn = both.some(([old, now]) => saysOff(old) && !saysOff(now));
  const off = words`the guard is switched off: whoever may write a SecretStore may claim any tag, and so read any secret`;
  const guard = (danger: boolean, text: Words): Difference => ({
    kind: 'guard',
    danger,
    subject: 'guard',
    text,
  });
  const admission = ({ kind }: FoundObject) => kind.startsWith('ValidatingAdmissionPolicy');
  return [
    ...(isOff ? [guard(true, off)] : []),
    ...(isOn ? [guard(false, words`the guard is switched on`)] : []),
    ...removed.filter((one) => !(isOff && admission(one))).map(removal),
    ...added.filter((one) => !(isOn && admission(one))).map(addition),
    ...both.flatMap(([old, now]) => changedObject(old, now)),
  ];
}

function saysOff({ kind, object }: FoundObject): boolean {
  const annotations = mappingOf(mappingOf(mappingOf(object).metadata).annotations);
  return kind === 'Namespace' && annotations['eso-abac/guard'] === 'false';
}

function removal({ kind, name, object }: FoundObject): Difference {
  if (kind === 'ClusterRoleBinding') return subjectsDiffer(name, object, undefined)[0] ?? other(kind, name);
  const text = words`${kind} ${name} goes`;
  return { kind: 'guard', danger: kind !== 'ClusterRole', subject: name, text };
}

function addition({ kind, name, object }: FoundObject): Difference {
  if (kind === 'ClusterRoleBinding') return subjectsDiffer(name, undefined, object)[0] ?? other(kind, name);
  const isGuard = kind.startsWith('ValidatingAdmissionPolicy');
  return { kind: 'guard', danger: !isGuard, subject: name, text: words`${kind} ${name} is new` };
}

function other(kind: string, name: string): Difference {
  const text = words`${kind} ${name} differs: look at its fields below`;
  return { kind: 'guard', danger: true, subject: name, text };
}

function changedObject(
  { kind, name, object: before }: FoundObject,
  { object: after }: FoundObject,
): Difference[] {
  const fields = compareFields(before, after);
  if (fields.length === 0) return [];
  if (kind === 'ClusterRoleBinding') {
    const subjects = subjectsDiffer(name, before, after);
    const isAll = fields.every(({ path }) => path.startsWith('subjects'));
    return isAll && subjects.length > 0 ? subjects : [...subjects, other(kind, name)];
  }
  // Annotations are for GitOps engines; that which says whether there is a guard has a sentence of its own.
  const isPlain = kind === 'Namespace' && fields.every(({ path }) => path.startsWith('metadata.annotations'));
  return isPlain ? [] : [other(kind, name)];
}

/** Whom a binding gives its role, and no longer gives it. */
function subjectsDiffer(name: string, before: unknown, after: unknown): Difference[] {
  const role = String(mappingOf(mappingOf(after ?? before).roleRef).name ?? '');
  const [old, now] = [subjectsOf(before), subjectsOf(after)];
  const come = now.filter((one) => !old.includes(one));
  const gone = old.filter((one) => !now.includes(one));
  const can =
    role === 'eso-abac-deployer'
      ? words`change what namespaces may claim`
      : words`do what the role ${role} allows`;
  const say = (danger: boolean, text: Words): Difference => ({
    kind: 'deployers',
    danger,
    subject: name,
    text,
  });
  return [
    ...(come.length === 0 ? [] : [say(true, words`${names(come)} can now ${can}`)]),
    ...(gone.length === 0 ? [] : [say(false, words`${names(gone)} can no longer ${can}`)]),
  ];
}

function subjectsOf(binding: unknown): string[] {
  const { subjects } = mappingOf(binding);
  const items: readonly unknown[] = Array.isArray(subjects) ? subjects : [];
  return items.map(mappingOf).map(({ kind, name, namespace }: Mapping) => {
    const place = namespace === undefined ? '' : `${String(namespace)}/`;
    return `${String(kind)} ${place}${String(name)}`;
  });
}
