import { createColors } from 'picocolors';
import type { ObjectChange, Step } from '../diff/model.ts';
import { counted } from './counted.ts';
import {
  countWords,
  type DiffBase,
  type DiffReport,
  differs,
  type FileGroup,
  groupChanges,
  groupObjects,
  plain,
  valueText,
} from './diff.ts';
import { printable } from './printable.ts';

type Colors = ReturnType<typeof createColors>;

/**
 * A comparison for a terminal: who gains and loses access, what to do, and what differs in which object. A `!` marks
 * what somebody should look at before it is merged.
 */
export function diffText({ base, diff }: DiffReport, color: boolean): string {
  const colors = createColors(color);
  const notes = [...baseNotes(base), ...diff.notes].map((note) => `note: ${printable(note)}`);
  if (!differs(diff))
    return [...notes, `nothing changes, compared with ${printable(base.name)}`, ''].join('\n');
  const { shared, files, comments } = groupObjects(diff.objects);
  return [
    colors.bold(`${countWords(diff).join(', ')}, compared with ${printable(base.name)}`),
    ...notes,
    ...section(
      'access',
      groupChanges(diff.changes).map(({ danger, text }) => sentence(danger, plain(text), colors)),
      colors,
    ),
    ...section('to do before it is merged', steps(diff.work, 'before'), colors),
    ...section('to do afterwards', steps(diff.work, 'after'), colors),
    ...section(
      'objects',
      [
        ...shared.map(
          ({ kind, field, objects }) => `  ${kind} ${fieldText(field)} (${counted(objects, 'object')})`,
        ),
        ...files.flatMap(fileLines),
        ...(comments === 0 ? [] : [`  ${counted(comments, 'file')} with other comments only`]),
      ].map(printable),
      colors,
    ),
    '',
  ].join('\n');
}

/** What is to be known about the base. */
export function baseNotes({ name, isEmpty }: DiffBase): string[] {
  return isEmpty ? [`there is no dist at ${name}: everything is new`] : [];
}

function section(title: string, lines: readonly string[], colors: Colors): string[] {
  return lines.length === 0 ? [] : ['', colors.bold(`${title}:`), ...lines];
}

function sentence(danger: boolean, text: string, colors: Colors): string {
  return danger ? colors.red(`! ${printable(text)}`) : `  ${printable(text)}`;
}

function steps(work: readonly Step[], when: Step['when']): string[] {
  return work
    .filter((step) => step.when === when)
    .map(({ text }, index) => `  ${index + 1}. ${printable(plain(text))}`);
}

/** The sign before what is new, gone or different. */
const signs = { added: '+', removed: '-', changed: '~' } as const;

function fileLines({ file, change, objects, also }: FileGroup): string[] {
  const same = also.length === 0 ? '' : ` (the same in ${also.join(', ')})`;
  return [`  ${signs[change]} ${file}${same}`, ...objects.flatMap(objectLines)];
}

function objectLines({ change, kind, name, fields }: ObjectChange): string[] {
  return [
    `      ${signs[change]} ${kind}${name === '' ? '' : ` ${name}`}`,
    ...fields.map((field) => `          ${fieldText(field)}`),
  ];
}

function fieldText(field: ObjectChange['fields'][number]): string {
  const { path } = field;
  if (!('from' in field)) return 'to' in field ? `${path}: + ${valueText(field.to)}` : path;
  return 'to' in field
    ? `${path}: ${valueText(field.from)} → ${valueText(field.to)}`
    : `${path}: - ${valueText(field.from)}`;
}
