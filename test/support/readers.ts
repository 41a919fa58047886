import { execFileSync, spawnSync } from 'node:child_process';
import { load, loadAll } from 'js-yaml';
import { parse, parseAllDocuments } from 'yaml';

/** What a reader of YAML makes of each text; anything that JSON has no type for comes back as a text with its type. */
export type Reader = (texts: readonly string[]) => unknown[];

/** Readers that are at hand wherever the tests run. */
export const readers: Readonly<Record<string, Reader>> = {
  'js-yaml': (texts) => texts.map((text) => plain(load(text))),
  'yaml, as 1.2': (texts) => texts.map((text) => plain(parse(text, { version: '1.2' }))),
  'yaml, as 1.1': (texts) => texts.map((text) => plain(parse(text, { version: '1.1' }))),
};

/** The documents that js-yaml makes of a text, and `yaml` as 1.1 and as 1.2. Throws what one of them does not take. */
export function asOthersRead(text: string): unknown[][] {
  return [
    loadAll(text),
    ...(['1.1', '1.2'] as const).map((version) =>
      [...parseAllDocuments(text, { version, merge: true })].map((document) => {
        if (document.errors.length > 0) throw document.errors[0];
        return document.toJS() as unknown;
      }),
    ),
  ];
}

/** A date would be equal to nothing; so would any object that is not plain. */
function plain(value: unknown): unknown {
  return value instanceof Date ? `date ${value.toISOString()}` : value;
}

const script = `
import json, sys, yaml

def plain(value):
    if isinstance(value, dict):
        return {key if isinstance(key, str) else f'{type(key).__name__} {key!r}': plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, bool, int)) or value is None else f'{type(value).__name__} {value!r}'

def read(text):
    try:
        return plain(yaml.safe_load(text))
    except Exception as problem:
        return f'{type(problem).__name__}: {problem}'

json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;

/** PyYAML, which reads YAML 1.1, in a process of its own. */
export const pyYaml: Reader = (texts) =>
  JSON.parse(
    execFileSync('python3', ['-c', script], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    }),
  ) as unknown[];

/** Whether Python 3 with PyYAML is installed. */
export function hasPyYaml(): boolean {
  return spawnSync('python3', ['-c', 'import yaml'], { stdio: 'ignore' }).status === 0;
}
