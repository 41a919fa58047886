import { dump, loadAll } from 'js-yaml';
import type { Source } from '../../src/proof/files/model.ts';
import type { Dice } from '../support/dice.ts';

type Node = { holder: Record<string, unknown> | unknown[]; key: string | number };

/** Changes one file: one node of it is removed, doubled, renamed, exchanged for another or altered. */
export function damaged(
  sources: readonly Source[],
  dice: Dice,
): { sources: Source[]; file: string; what: string } {
  const { path: file, text } = dice.pick(sources);
  const isYaml = file.endsWith('.yaml');
  const documents = isYaml ? loadAll(text) : [JSON.parse(text)];
  const what = damage(documents, dice);
  const after = isYaml
    ? documents.map((one) => `---\n${dump(one, { noRefs: true })}`).join('')
    : `${JSON.stringify(documents[0], null, 2)}\n`;
  return {
    sources: sources.map((one) => (one.path === file ? { path: file, text: after } : one)),
    file,
    what,
  };
}

/** Damages data in place, in one place of it. Returns what was done. */
export function damage(data: object, dice: Dice): string {
  const nodes = nodesIn(data);
  return nodes.length === 0 ? 'nothing' : alter(dice.pick(nodes), nodes, dice);
}

function nodesIn(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [...keys].flatMap((key) => {
    const holder = value as Record<string | number, unknown>;
    return [{ holder, key } as Node, ...nodesIn(holder[key])];
  });
}

const texts = [
  '*',
  '',
  'payments',
  'orders',
  'prod',
  'staging',
  'ekssecret',
  '$'.concat('{aws:PrincipalTag/team}'),
  'arn:aws:iam::123456789012:root',
];

function alter({ holder, key }: Node, nodes: readonly Node[], dice: Dice): string {
  const at = holder as Record<string | number, unknown>;
  const before = JSON.stringify(at[key]);
  const change = dice.pick(['remove', 'double', 'rename', 'exchange', 'alter', 'alter'] as const);
  if (change === 'remove') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete at[key];
  } else if (change === 'double' && Array.isArray(holder)) holder.push(structuredClone(at[key]));
  else if (change === 'rename' && !Array.isArray(holder)) {
    const { [key]: value } = at;
    delete at[key];
    at[
      dice.pick([
        `${key}IfExists`,
        `${key}x`,
        String(key).toUpperCase(),
        'NotAction',
        'NotResource',
        'StringLike',
      ])
    ] = value;
  } else if (change === 'exchange') {
    const other = dice.pick(nodes);
    at[key] = structuredClone((other.holder as Record<string | number, unknown>)[other.key]);
  } else at[key] = altered(at[key], dice);
  return `${change} ${key}: ${before} → ${JSON.stringify(at[key])}`;
}

function altered(value: unknown, dice: Dice): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return dice.pick(texts);
  return dice.pick([
    `${value}x`,
    value.slice(1),
    value.slice(0, -1),
    value.toUpperCase(),
    `${value}*`,
    ...texts,
  ]);
}
