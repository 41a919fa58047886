import type { Finding, Path } from '../findings/finding.ts';
import type { YamlFile } from '../yaml/reader.ts';
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

/** Keys under which people write a secret's value. The format has none of them outside `keys` and `template`. */
const valueKeys =
  /^(?:value|password|passwd|passphrase|plaintext|secretString|secretValue|stringData|token)$/i;

/** Values that are long and random without being secret: identifiers that AWS hands out in public. */
const publicRandom: readonly RegExp[] = [/\.oidcProvider$/, /\.externalId$/];

const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/**
 * Looks for secret values in a file. Each one found becomes a finding, and the file comes back with its
 * characters painted over, so that nothing that runs later can print it: no message, frame or error.
 *
 * The attack it stops: a value pasted into services.yaml ends in a terminal, a CI log or a pull request comment.
 */
export function withoutSecrets(yaml: YamlFile): { yaml: YamlFile; findings: Finding[] } {
  const hits = [...textHits(yaml.text), ...scalarHits(yaml)].sort((a, b) => a.start - b.start);
  if (hits.length === 0) return { yaml, findings: [] };
  const findings: Finding[] = [];
  const painted: string[] = [];
  let upTo = 0;
  for (const { start, end, what } of hits) {
    const overlaps = start < upTo;
    painted.push(yaml.text.slice(upTo, start), paint(yaml.text.slice(Math.max(upTo, start), end)));
    upTo = Math.max(upTo, end);
    if (overlaps) continue;
    findings.push({
      rule: 'secret-value',
      severity: 'error',
      message: `this looks like ${what}; it is not shown, and it should be replaced where it is valid`,
      allowed: 'names of secrets only; their values stay in AWS Secrets Manager',
      location: yaml.locateRange(start, end),
    });
  }
  painted.push(yaml.text.slice(upTo));
  return { yaml: readYaml(yaml.file, painted.join('')), findings };
}

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

function textHits(text: string): Hit[] {
  return patterns.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].map((match) => {
      const end = match.index + match[0].length;
      return { start: match.index, end: what === 'a private key' ? endOfKey(text, end) : end, what };
    }),
  );
}

function endOfKey(text: string, from: number): number {
  const footer = text.indexOf('-----END', from);
  const endOfLine = text.indexOf('\n', footer);
  return footer < 0 || endOfLine < 0 ? text.length : endOfLine;
}

function scalarHits(yaml: YamlFile): Hit[] {
  const hits: Hit[] = [];
  yaml.eachScalar((scalar, path, target) => {
    const [start, end] = scalar.range ?? [0, 0, 0];
    if (target === 'value' && isValueKey(path)) hits.push({ start, end, what: "a secret's value" });
    else if (typeof scalar.value === 'string' && scalar.value.length >= minRandomLength) {
      if (looksRandom(scalar.value) && !publicRandom.some((known) => known.test(path.join('.')))) {
        hits.push({ start, end, what: "a secret's value" });
      }
    }
  });
  return hits;
}

function isValueKey(path: Path): boolean {
  const key = path.at(-1);
  const inside = path.at(-2);
  return typeof key === 'string' && valueKeys.test(key) && inside !== 'keys' && inside !== 'template';
}

const minRandomLength = 20;

/**
 * Whether a text holds a run that reads like generated random characters. Words, even in camelCase with
 * numbers behind them, change between lower case, upper case and digits far less often than random text does.
 */
export function looksRandom(value: string): boolean {
  const runs = value.replace(uuid, '').match(/[A-Za-z0-9+/=_-]{20,}/g) ?? [];
  return runs.some((run) => run.split(/[/_-]/).some(isRandomRun) || isRandomRun(run));
}

function isRandomRun(run: string): boolean {
  const characters = run.replace(/[^A-Za-z0-9]/g, '');
  if (characters.length < minRandomLength) return false;
  let changes = 0;
  for (let i = 1; i < characters.length; i++) {
    if (kind(characters.charCodeAt(i)) !== kind(characters.charCodeAt(i - 1))) changes++;
  }
  return changes / characters.length >= 0.35 && new Set(characters).size >= 10;
}

function kind(code: number): 'digit' | 'upper' | 'lower' {
  if (code < 58) return 'digit';
  return code < 91 ? 'upper' : 'lower';
}

/** Same length and same lines, so that every position stays what it was; safe in every YAML style. */
function paint(secret: string): string {
  return secret.replace(/[^\n\r]/g, '█');
}
