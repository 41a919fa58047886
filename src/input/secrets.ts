import type { Finding, Location, Path, Position } from '../findings/finding.ts';
import { maxFindings } from '../findings/limits.ts';
import { nearest } from '../findings/nearest.ts';
import type { Plain, YamlFile } from '../yaml/reader.ts';
import { readYaml } from './yaml.ts';

/** What a secret looks like wherever it stands, comments included. Published formats of the issuers. */
const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an AWS access key id', /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/g],
  ['a private key', /-----BEGIN [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----/g],
  ['a GitHub token', /(?<![A-Za-z0-9])(?:gh[opusr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})/g],
  ['a Slack token', /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,255}/g],
  ['a Stripe key', /(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}/g],
  ['a Google API key', /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g],
  [
    'a JSON web token',
    /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,2048}\.eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{0,1024}/g,
  ],
];

/** The same in URLs. They look behind at each place of a text, which takes longer than all of the others. */
const urlPatterns: typeof patterns = [
  ['a password in a URL', /(?<=:\/\/[^\s:@/{}]{0,64}:)[^\s:@/{}]{1,256}(?=@)/g],
  ['a user or token in a URL', /(?<=https?:\/\/)[^\s:@/{}]{1,256}(?=@)/g],
  [
    'a token in a URL',
    /(?<=:\/\/\S{1,512}[?&#][\w-]{0,32}(?:token|key|password|secret|auth)=)[^\s&#"']{1,512}/gi,
  ],
];

/** Keys under which people write a secret's value, in lower case and without "-" and "_". */
const valueKeys =
  /^(?:value|plaintext|stringdata|credentials?)$|(?:password|passwd|pwd|passphrase|token|(?:secret|access|private|api)key|clientsecret|secret(?:string|value))$/;

/** Mappings whose values are names, whatever their keys: of properties, of templates' keys, of tags. */
const namesBelow: readonly string[] = ['keys', 'template', 'tags'];

/** Values that are long and random without being secret: identifiers that AWS hands out in public. */
const publicRandom: readonly RegExp[] = [
  /\.oidcProvider$/,
  /\.externalId$/,
  /^aws\.kms\.keys\.\d+$/,
  /^gitops\.revision$/,
];

const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/**
 * Looks for secret values in a file. Each one found becomes a finding, and the file comes back with its
 * characters painted over, so that nothing that runs later can print it: no message, frame or error.
 *
 * The attack it stops: a value pasted into services.yaml ends in a terminal, a CI log or a pull request comment.
 */
export function withoutSecrets(yaml: YamlFile): CleanFile {
  const hits = mergeOverlapping([...textHits(yaml.text), ...scalarHits(yaml)]);
  if (hits.length === 0) return { yaml, findings: [], isPainted: () => false };
  const painted: string[] = [];
  let upTo = 0;
  for (const { start, end } of hits) {
    painted.push(yaml.text.slice(upTo, start), paint(yaml.text.slice(start, end)));
    upTo = end;
  }
  painted.push(yaml.text.slice(upTo));
  const findings = hits.slice(0, maxFindings).map(
    ({ what, place: [start, end] }): Finding => ({
      rule: 'secret-value',
      severity: 'error',
      message: `this looks like ${what}; it is not shown, and it should be replaced where it is valid`,
      allowed: 'names of secrets only; their values stay in AWS Secrets Manager',
      location: yaml.locateRange(start, end),
    }),
  );
  const places = hits.map(({ start, end }) => yaml.locateRange(start, end));
  return {
    yaml: readYaml(yaml.file, painted.join('')),
    findings,
    isPainted: (at) => isWithin(places, at),
  };
}

/** A file without the secrets that were in it. */
export interface CleanFile {
  readonly yaml: YamlFile;
  readonly findings: Finding[];
  /** Whether a place was painted over. */
  readonly isPainted: (at: Position) => boolean;
}

/** By bisection: both secrets and the findings that this is asked about may be many. */
function isWithin(places: readonly Location[], at: Position): boolean {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (place !== undefined && !isBefore(at, place.end)) low = middle + 1;
    else high = middle;
  }
  const place = places[low];
  return place !== undefined && !isBefore(at, place.start);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly what: string;
  /** The narrowest stretch that is known to be secret. */
  readonly place: readonly [start: number, end: number];
}

const unknownSecret = "a secret's value";

/** Hits in order; those that overlap become one, which says what it is when one of them knows. */
function mergeOverlapping(hits: readonly Hit[]): Hit[] {
  const merged: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || hit.start >= last.end) merged.push(hit);
    else {
      const { what, place } = last.what === unknownSecret ? hit : last;
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, hit.end), what, place };
    }
  }
  return merged;
}

function textHits(text: string): Hit[] {
  const looked = text.includes('://') ? [...patterns, ...urlPatterns] : patterns;
  return looked.flatMap(([what, pattern]) => {
    const hits: Hit[] = [];
    const search = new RegExp(pattern);
    for (let match = search.exec(text); match !== null; match = search.exec(text)) {
      const start = match.index;
      const end = what === 'a private key' ? endOfKey(text, search.lastIndex) : search.lastIndex;
      search.lastIndex = end;
      hits.push({ start, end, what, place: [start, end] });
    }
    return hits;
  });
}

function endOfKey(text: string, from: number): number {
  const footer = text.indexOf('-----END', from);
  const endOfLine = text.indexOf('\n', footer);
  return footer < 0 || endOfLine < 0 ? text.length : endOfLine;
}

function scalarHits(yaml: YamlFile): Hit[] {
  // Places are dear, and most files hold no secret.
  if (yaml.findings.length === 0 && !holdsSecret(yaml.value, [], false)) return [];
  const hits: Hit[] = [];
  yaml.eachScalar(({ range, value }, path, target) => {
    const [start, end] = range ?? [0, 0, 0];
    if (start !== end && isSecret(value, path, target === 'value' && isUnderValueKey(path))) {
      hits.push({ start, end, what: unknownSecret, place: [start, end] });
    }
  });
  return hits;
}

/**
 * @param path the place of `value`; it is left as it was where there is none
 * @param isUnderKey what `isUnderValueKey` says of that place
 */
function holdsSecret(value: Plain, path: (string | number)[], isUnderKey: boolean): boolean {
  if (typeof value !== 'object' || value === null) return isSecret(value, path, isUnderKey);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      if (holdsSecret(value[index] ?? null, path, isUnderKey)) return true;
      path.pop();
    }
    return false;
  }
  for (const key of Object.keys(value)) {
    path.push(key);
    if (isRandomText(key, path)) return true;
    if (holdsSecret(value[key] ?? null, path, isUnderValueKey(path))) return true;
    path.pop();
  }
  return false;
}

function isSecret(value: unknown, path: Path, isUnderKey: boolean): boolean {
  if (value === '' || value === null) return false;
  return isUnderKey || isRandomText(value, path);
}

function isRandomText(value: unknown, path: Path): boolean {
  if (typeof value !== 'string' || value.length < minRandomLength || !looksRandom(value)) return false;
  return !publicRandom.some((known) => known.test(path.join('.')));
}

/** Whether a value, or the list that it is in, stands under a key that says so. */
function isUnderValueKey(path: Path): boolean {
  const index = path.findLastIndex((step) => typeof step === 'string');
  const key = String(path[index] ?? '')
    .toLowerCase()
    .replace(/[-_]/g, '');
  if (!valueKeys.test(key)) return false;
  const outer = String(path.findLast((step, at) => at < index && typeof step === 'string') ?? '');
  return !namesBelow.includes(outer) && nearest(outer, namesBelow) === undefined;
}

const minRandomLength = 20;

/**
 * Whether a text holds a run that reads like generated random characters. Words, even in camelCase with
 * numbers behind them, change between lower case, upper case and digits far less often than random text does.
 */
export function looksRandom(value: string): boolean {
  // No run in it can have more changes than the whole.
  if (changesIn(value) < minRandomLength * fewestChanges) return false;
  // AWS ends each secret's ARN in six random characters.
  const isArn = value.startsWith('arn:') && /^-[A-Za-z0-9]{6}$/.test(value.slice(-7));
  const named = (isArn ? value.slice(0, -7) : value).replace(uuid, '');
  // Splitting, because a pattern that matches long runs keeps a place on the stack for each character.
  const runs = named.split(/[^A-Za-z0-9+/=_-]/).filter((run) => run.length >= minRandomLength);
  return runs.some((run) => run.split(/[/_-]/).some(isRandomRun) || isRandomRun(run));
}

function isRandomRun(run: string): boolean {
  const characters = run.replace(/[^A-Za-z0-9]/g, '');
  if (characters.length < minRandomLength) return false;
  // A secret access key of AWS has exactly this form, so fewer changes are enough.
  const limit = /^[A-Za-z0-9/+]{40}$/.test(run) ? fewestChanges : 0.35;
  return changesIn(characters) / characters.length >= limit && new Set(characters).size >= 10;
}

/** The smallest part of the characters of a random run that are of another kind than those before them. */
const fewestChanges = 0.3;

/** How often a letter or digit is of another kind than the one before it. */
function changesIn(text: string): number {
  let changes = 0;
  let last: Kind | undefined;
  for (let i = 0; i < text.length; i++) {
    const next = kind(text.charCodeAt(i));
    if (next === undefined) continue;
    if (last !== undefined && next !== last) changes++;
    last = next;
  }
  return changes;
}

type Kind = 'digit' | 'upper' | 'lower';

function kind(code: number): Kind | undefined {
  if (code >= 97) return code <= 122 ? 'lower' : undefined;
  if (code >= 65) return code <= 90 ? 'upper' : undefined;
  return code >= 48 && code <= 57 ? 'digit' : undefined;
}

/** Same length and same lines, so that every position stays what it was; safe in every YAML style. */
function paint(secret: string): string {
  return secret.replace(/[^\n\r]/g, '█');
}
