import type { SecretGroup, Tag } from '../fleet/model.ts';

/**
 * Commands that give secrets which exist the tags that they need, as lines for a POSIX shell, with a comment before
 * each account and region. They are for people to read and run with an administrator's credentials.
 */
export function tagCommands(groups: readonly SecretGroup[]): string[] {
  const lines: string[] = [];
  let place = '';
  for (const { account, region, secrets } of groups) {
    const here = `account ${account}, region ${region}`;
    if (here !== place) lines.push(`# ${here}`);
    place = here;
    for (const { name, tags } of secrets) lines.push(tagCommand(region, name, tags));
  }
  return lines;
}

function tagCommand(region: string, name: string, tags: readonly Tag[]): string {
  // With "=" a name that begins with a hyphen is not taken for a flag.
  const secret = name.startsWith('-') ? `--secret-id=${quote(name)}` : `--secret-id ${quote(name)}`;
  return `aws secretsmanager tag-resource --region ${quote(region)} ${secret} --tags ${tagArguments(tags)}`;
}

/** AWS CLI's shorthand where it is certain to be read as meant, JSON for everything else. */
function tagArguments(tags: readonly Tag[]): string {
  const isPlain = (text: string) => /^[A-Za-z0-9][\w.:/+-]*$/.test(text);
  if (tags.every(({ key, value }) => isPlain(key) && isPlain(value))) {
    return tags.map(({ key, value }) => `Key=${key},Value=${value}`).join(' ');
  }
  return quote(JSON.stringify(tags.map(({ key: Key, value: Value }) => ({ Key, Value }))));
}

/** One word for a POSIX shell. Within single quotes only the single quote itself means anything. */
export function quote(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
