import type { FieldChange, FileChange, ObjectChange } from '../diff/model.ts';
import type { Words } from '../diff/words.ts';
import { counted } from './counted.ts';
import {
  type ChangeGroup,
  countWords,
  type DiffReport,
  differs,
  type FileGroup,
  groupChanges,
  groupObjects,
  shortened,
  valueText,
} from './diff.ts';
import { baseNotes } from './diff-text.ts';
import { codeSpan } from './printable.ts';

/** The first line of the comment. Whoever posts it finds the one to replace by it. */
export const commentMarker = '<!-- eso-abac diff -->';

/**
 * How many characters each part may take, at most: together they stay below the 65,536 of a comment on GitHub, and none
 * pushes another out.
 */
const room = {
  notes: 3_000,
  dangers: 20_000,
  access: 8_000,
  each: 8_000,
  work: 5_000,
  objects: 14_000,
} as const;

/**
 * A comparison as a comment on a pull request: a first line that says it all, then who gains and loses access, what to
 * do and, folded, every object. Every name stands in a code span, where it can be no mention, link or markup.
 *
 * @returns at most 65,536 characters; what is left out is counted
 */
export function diffMarkdown({ base, diff }: DiffReport): string {
  const notes = [...baseNotes(base), ...diff.notes].map((note) => `> ${code(note)}`);
  const against = `compared with ${code(base.name)}${base.commit === undefined ? '' : ` (${code(base.commit.slice(0, 12))})`}`;
  if (!differs(diff))
    return lines(commentMarker, `### Nothing changes`, '', against, '', ...cut(notes, room.notes, ''));
  const rest = `: ${code(`eso-abac diff ${base.flag} ${base.name}`)} prints all`;
  const groups = groupChanges(diff.changes);
  const [dangers, others] = [groups.filter(({ danger }) => danger), groups.filter(({ danger }) => !danger)];
  return lines(
    commentMarker,
    `### ${dangers.length > 0 ? '⚠️ ' : ''}${countWords(diff).join(', ')}`,
    '',
    against,
    '',
    ...cut(notes, room.notes, rest),
    ...part(
      '#### Dangers',
      dangers.map((group) => `- ⚠️ ${sentence(group.text)}`),
      room.dangers,
      rest,
    ),
    ...part(
      '#### Access',
      others.map((group) => `- ${sentence(group.text)}`),
      room.access,
      rest,
    ),
    ...fold('Each of them', eachOf(groups), room.each, rest),
    ...part('#### Before it is merged', workItems(diff.work, 'before'), room.work, rest),
    ...part('#### Afterwards', workItems(diff.work, 'after'), room.work, rest),
    ...objectParts(diff.objects, rest),
  );
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}

/** As many lines as fit, and how many do not. */
function cut(all: readonly string[], most: number, rest: string): string[] {
  let [length, count] = [0, 0];
  for (const line of all) {
    if (length + line.length + 1 > most) break;
    length += line.length + 1;
    count++;
  }
  const left = all.length - count;
  return left === 0 ? [...all] : [...all.slice(0, count), `- … and ${left} more${rest}`];
}

function part(title: string, items: readonly string[], most: number, rest: string): string[] {
  return items.length === 0 ? [] : [title, '', ...cut(items, most, rest), ''];
}

function fold(title: string, items: readonly string[], most: number, rest: string): string[] {
  if (items.length === 0) return [];
  return [`<details><summary>${title}</summary>`, '', ...cut(items, most, rest), '', '</details>', ''];
}

function eachOf(groups: readonly ChangeGroup[]): string[] {
  return groups.flatMap(({ changes }) =>
    changes.map(({ danger, text }) => `- ${danger ? '⚠️ ' : ''}${sentence(text)}`),
  );
}

function workItems(work: DiffReport['diff']['work'], when: 'before' | 'after'): string[] {
  return work.filter((step) => step.when === when).map(({ text }) => `1. ${sentence(text)}`);
}

function objectParts(all: readonly FileChange[], rest: string): string[] {
  const { shared, files, comments } = groupObjects(all);
  const same = shared.map(
    ({ kind, field, objects }) => `- ${code(kind)} ${fieldWords(field)}: ${counted(objects, 'object')}`,
  );
  const other = comments === 0 ? [] : [`- ${counted(comments, 'file')} with other comments only`];
  const title = `Objects: ${counted(all.length, 'file')}`;
  return fold(title, [...same, ...files.flatMap(fileItems), ...other], room.objects, rest);
}

function fileItems({ file, change, objects, also }: FileGroup): string[] {
  const same = also.length === 0 ? '' : `, the same in ${also.map(code).join(', ')}`;
  return [`- ${change} ${code(file)}${same}`, ...objects.flatMap(objectItems)];
}

function objectItems({ change, kind, name, fields }: ObjectChange): string[] {
  const called = name === '' ? code(kind) : `${code(kind)} ${code(name)}`;
  return [`  - ${change} ${called}`, ...fields.map((field) => `    - ${fieldWords(field)}`)];
}

function fieldWords(field: FieldChange): string {
  const value = (one: unknown) => code(valueText(one));
  const path = code(field.path);
  if (!('from' in field)) return 'to' in field ? `${path} + ${value(field.to)}` : path;
  return 'to' in field
    ? `${path} ${value(field.from)} → ${value(field.to)}`
    : `${path} - ${value(field.from)}`;
}

function sentence(words: Words): string {
  return words.map((word) => (typeof word === 'string' ? word : code(word.name))).join('');
}

/** The longest name that is shown. */
const nameWidth = 160;

/** A name or a value as a code span. */
function code(text: string): string {
  return codeSpan(shortened(text, nameWidth));
}
