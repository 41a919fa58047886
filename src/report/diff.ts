import type { Change, Diff, FieldChange, FileChange } from '../diff/model.ts';
import type { Words } from '../diff/words.ts';
import type { Finding } from '../findings/finding.ts';
import { grouped } from '../grouped.ts';
import { counted } from './counted.ts';

/** What is compared with. */
export interface DiffBase {
  /** Which flag names it. */
  readonly flag: '--base' | '--base-dist';
  /** As it was given: a revision, or a folder. */
  readonly name: string;
  /** The revision's commit. */
  readonly commit?: string;
  /** Whether there is no dist at that revision, so that everything is new. */
  readonly isEmpty: boolean;
}

/** A comparison, for a report. */
export interface DiffReport {
  readonly base: DiffBase;
  readonly diff: Diff;
  /** Warnings about the input. */
  readonly findings: readonly Finding[];
}

/** Whether anything differs. */
export function differs({ files }: Diff): boolean {
  return files.added + files.removed + files.changed > 0;
}

/** The sentence as plain text. */
export function plain(words: Words): string {
  return words.map((word) => (typeof word === 'string' ? word : word.name)).join('');
}

/** Counts for people, the dangers first: "2 dangers, 3 grants, 1 revocation, 4 files". Zeros are left out. */
export function countWords({ changes, grants = [], revocations = [], files }: Diff): string[] {
  const dangers = changes.filter(({ danger }) => danger).length;
  const all = files.added + files.removed + files.changed;
  const counts: [number, string][] = [
    [dangers, 'danger'],
    [grants.length, 'grant'],
    [revocations.length, 'revocation'],
    [all, 'file'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, word]) => counted(count, word));
}

/** From how many on sentences that say the same become one. */
const many = 4;

/** One sentence, or several of which the same is true. */
export interface ChangeGroup {
  readonly danger: boolean;
  /** The sentence of one, or what is true of all of them, with their number and the first of their names. */
  readonly text: Words;
  /** Empty when it is only one. */
  readonly changes: readonly Change[];
}

/** Puts together what is the same, in the order of the changes. */
export function groupChanges(changes: readonly Change[]): ChangeGroup[] {
  const groups = grouped(changes, ({ kind, danger, together }) => JSON.stringify([kind, danger, together]));
  return [...groups.values()].flatMap((group): ChangeGroup[] => {
    const [first] = group;
    if (group.length < many) return group.map(({ danger, text }) => ({ danger, text, changes: [] }));
    const subjects = [...new Set(group.map(({ subject }) => subject))];
    const shown = subjects.slice(0, 3).flatMap((name, index) => [index === 0 ? ': ' : ', ', { name }]);
    const rest = subjects.length > 3 ? [` and ${subjects.length - 3} more`] : [];
    const text = [`${group.length} `, ...first.together, ...shown, ...rest];
    return [{ danger: first.danger, text, changes: group }];
  });
}

/** The same change of a field in several objects. */
export interface FieldGroup {
  readonly kind: string;
  readonly field: FieldChange;
  readonly objects: number;
}

/** A file, and the other clusters or accounts in which the file of the same name differs in the same way. */
export type FileGroup = FileChange & { readonly also: readonly string[] };

/** What differs in objects: changes that many of them share, and the files with what is left. */
export interface ObjectGroups {
  readonly shared: readonly FieldGroup[];
  readonly files: readonly FileGroup[];
  /** How many files differ in comments only. */
  readonly comments: number;
}

/** Takes out of the files what changes in the same way in many objects. A file with nothing else is left out. */
export function groupObjects(files: Diff['objects']): ObjectGroups {
  const groups = new Map<string, { kind: string; field: FieldChange; objects: number }>();
  for (const { kind, fields } of files.flatMap(({ objects }) => objects)) {
    for (const [key, field] of new Map(fields.map((one) => [fieldKey(kind, one), one]))) {
      const group = groups.get(key) ?? { kind, field: { ...field, path: anyItem(field.path) }, objects: 0 };
      groups.set(key, { ...group, objects: group.objects + 1 });
    }
  }
  const isShared = (kind: string, field: FieldChange) =>
    (groups.get(fieldKey(kind, field))?.objects ?? 0) >= many;
  const rest = files.flatMap((file) => {
    const objects = file.objects.flatMap((object) => {
      const fields = object.fields.filter((field) => !isShared(object.kind, field));
      return object.change === 'changed' && fields.length === 0 ? [] : [{ ...object, fields }];
    });
    return objects.length === 0 && file.change === 'changed' ? [] : [{ ...file, objects }];
  });
  return {
    shared: [...groups.values()].filter(({ objects }) => objects >= many),
    files: alike(rest),
    comments: files.filter(isCommentsOnly).length,
  };
}

function isCommentsOnly({ change, objects }: FileChange): boolean {
  return change === 'changed' && objects.length === 0;
}

/** Files below folders of clusters or accounts, those with the same differences once. */
function alike(files: Diff['objects']): FileGroup[] {
  const groups = new Map<string, FileChange & { also: string[] }>();
  for (const one of files) {
    const [folder = '', place = '', ...rest] = one.file.split('/');
    const key = JSON.stringify([folder, rest, one.change, one.objects]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { ...one, also: [] });
    else known.also.push(place);
  }
  return [...groups.values()];
}

function fieldKey(kind: string, { path, from, to }: FieldChange): string {
  return JSON.stringify([kind, anyItem(path), from, to]);
}

/** A path in which it does not matter what an item of a list is called. */
function anyItem(path: string): string {
  return path.replace(/\[\w+=[^[\]]*\]|\[\d+\]/g, '[]');
}

/** A value of a field in one line, cut where it is long. */
export function valueText(value: unknown): string {
  const text = typeof value === 'string' && /^[^\n\r]+$/.test(value) ? value : (JSON.stringify(value) ?? '');
  return shortened(text, 120);
}

/** A text cut where it is longer than that, between characters. */
export function shortened(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}
