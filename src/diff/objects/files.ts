import { grouped } from '../../grouped.ts';
import type { FieldChange, FileChange, ObjectChange } from '../model.ts';
import type { Comparison } from '../texts.ts';
import { compareFields } from './fields.ts';
import { type FoundObject, objectsOf } from './objects.ts';

/** Compares the files that differ, object by object and field by field. Comments make no difference. */
export function compareObjects({ base, head, changed }: Comparison): FileChange[] {
  return changed.map((file) => compareFile(file, base.get(file), head.get(file)));
}

function compareFile(file: string, before: string | undefined, after: string | undefined): FileChange {
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const [old, now] = [before, after].map((text) => (text === undefined ? [] : objectsOf(file, text)));
  if (old === undefined || now === undefined)
    return { file, change, objects: [unreadable(old === undefined)] };
  return { file, change, objects: compareFound(old, now) };
}

function unreadable(isBase: boolean): ObjectChange {
  const path = isBase ? '(the file could not be read)' : '(the file cannot be read any more)';
  return { change: 'changed', kind: 'Document', name: '', fields: [{ path }] };
}

function compareFound(before: readonly FoundObject[], after: readonly FoundObject[]): ObjectChange[] {
  const [old, now] = [numbered(before), numbered(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): ObjectChange[] => {
    const [from, to] = [old.get(key), now.get(key)];
    const { kind, name } = (to ?? from) as FoundObject;
    if (from === undefined || to === undefined)
      return [{ change: from === undefined ? 'added' : 'removed', kind, name, fields: [] }];
    const fields: FieldChange[] = compareFields(from.object, to.object);
    return fields.length === 0 ? [] : [{ change: 'changed', kind, name, fields }];
  });
}

/** Objects by kind and name; of those with the same, the first by the first, and so on. */
function numbered(objects: readonly FoundObject[]): Map<string, FoundObject> {
  const groups = grouped(objects, ({ kind, name }) => JSON.stringify([kind, name]));
  return new Map(
    [...groups].flatMap(([key, same]) => same.map((one, index) => [`${key}${index}`, one] as const)),
  );
}
