import { safeParse, type z } from 'zod';
import { codeOf } from '../findings/code-of.ts';
import type { Finding, Location, Path, Position } from '../findings/finding.ts';
import { maxFindings } from '../findings/limits.ts';
import { nearest } from '../findings/nearest.ts';
import type { YamlFile } from '../yaml/reader.ts';
import { knownKeys, schemaAt } from './schema-tree.ts';
import { asList, asName, nearestQuoted, nearestValid, stranger } from './spelling.ts';
import { valueAt } from './values.ts';
import { describe, kindOf, quote, typeName } from './words.ts';

/** What zod says about one place. */
export type Issue = z.core.$ZodIssue;

type Placed = Finding & { readonly location: Location };

/**
 * Turns what zod found in a file into findings with positions, allowed values and the nearest spelling.
 * The schema is read for the keys that a mapping may have.
 *
 * @param isPainted whether a place was painted over: what holds a secret was reported, and nothing more is said of it
 */
export function schemaFindings(
  yaml: YamlFile,
  schema: z.ZodType,
  issues: readonly Issue[],
  isPainted: (at: Position) => boolean,
): Finding[] {
  const reader = new IssueReader(yaml, schema, isPainted);
  const findings = new Map<string, Finding>();
  for (const issue of issues) {
    for (const finding of reader.problems(issue, issue.path as Path)) {
      const { start } = finding.location;
      // What aliases repeat is wrong in one place.
      const problem = `${start.line}:${start.column} ${finding.rule} ${finding.allowed}`;
      if (!isPainted(start) && !findings.has(problem)) findings.set(problem, finding);
    }
    if (findings.size >= maxFindings) break;
  }
  return [...findings.values()].slice(0, maxFindings);
}

class IssueReader {
  private readonly yaml: YamlFile;
  private readonly schema: z.ZodType;
  private readonly isPainted: (at: Position) => boolean;

  constructor(yaml: YamlFile, schema: z.ZodType, isPainted: (at: Position) => boolean) {
    this.yaml = yaml;
    this.schema = schema;
    this.isPainted = isPainted;
  }

  problems(issue: Issue, path: Path): Placed[] {
    const value = valueAt(this.yaml.value, path);
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.slice(0, maxFindings).flatMap((key) => this.unknownKey(path, key));
      case 'invalid_union':
        return unionBranch(issue, value).flatMap((inner) =>
          this.problems(inner, [...path, ...(inner.path as Path)]),
        );
      case 'invalid_key':
        return [
          ...issue.issues.map((inner) => this.invalidKey(path, inner.message)),
          ...this.below(path, value),
        ];
      case 'invalid_type':
        if (value === undefined) return [this.missingKey(path, kindOf(issue.expected))];
        return [this.wrongType(path, value, issue.expected)];
      default:
        if (value === undefined) return [this.missingKey(path, issue.message)];
        return [this.invalidValue(path, value, issue.message)];
    }
  }

  /** Zod does not look at the value of a key that is not valid. */
  private below(path: Path, value: unknown): Placed[] {
    const part = schemaAt(this.schema, path);
    const issues = part ? (safeParse(part, value).error?.issues ?? []) : [];
    return issues.flatMap((issue) => this.problems(issue, [...path, ...(issue.path as Path)]));
  }

  private unknownKey(path: Path, key: string): Placed[] {
    if (this.isPainted(this.yaml.locate([...path, key]).start)) return [];
    const known = knownKeys(this.schema, path);
    const strange = /[^ -~]/u.exec(key)?.[0];
    const message = `${quote(key)} is not a key of ${describe(path)}${strange ? `: it holds ${codeOf(strange)}` : ''}`;
    const allowed = `${key === '<<' ? 'YAML 1.2, which has no merge key; ' : ''}${known.join(', ')}`;
    return [this.error([...path, key], 'key', 'unknown-key', message, allowed, nearest(key, known))];
  }

  private missingKey(path: Path, allowed: string): Placed {
    const parent = path.slice(0, -1);
    const key = `"${String(path.at(-1))}"`;
    const message = `${describe(parent)} needs the key ${key}`;
    return this.error(parent, 'key', 'missing-key', message, `${key} with ${allowed}`);
  }

  private invalidKey(path: Path, allowed: string): Placed {
    const key = String(path.at(-1));
    const message = `the key ${quote(key)} is not valid`;
    const offered = asName(key);
    const siblings = Object.keys(valueAt(this.yaml.value, path.slice(0, -1)) ?? {});
    const isClose =
      nearest(key, [offered]) === offered && !siblings.includes(offered) && path[0] === 'clusters';
    return this.error(path, 'key', 'invalid-value', message, allowed, isClose ? offered : undefined);
  }

  private wrongType(path: Path, value: unknown, expected: string): Placed {
    const message = `${describe(path)} is ${kindOf(typeName(value))}, not ${kindOf(expected)}`;
    const written = this.yaml.written(path);
    // To YAML, `{service}` without quotes is a mapping.
    const isPlaceholder = /^\{[\w.]+\}$/.test(written);
    if (expected.startsWith('string') && (typeof value !== 'object' || isPlaceholder)) {
      const when = isPlaceholder ? 'begins with {' : 'reads like a number, true or false';
      const near = nearestQuoted(this.schema, path, written);
      return this.error(path, 'value', 'wrong-type', message, `text, in quotes where it ${when}`, near);
    }
    const near =
      expected === 'array' && typeof value === 'string' ? asList(this.schema, path, value) : undefined;
    return this.error(path, 'value', 'wrong-type', message, this.shape(path, expected), near);
  }

  /** What is expected at a path, in words: of a mapping, its keys. */
  private shape(path: Path, expected: string): string {
    const keys = knownKeys(this.schema, path);
    if (expected === 'array') return 'a list: [a, b], or lines that begin with "- "';
    return keys.length > 0
      ? `${kindOf(expected)} with the key${keys.length > 1 ? 's' : ''} ${keys.join(', ')}`
      : kindOf(expected);
  }

  private invalidValue(path: Path, value: unknown, allowed: string): Placed {
    const text = typeof value === 'string' ? value : '';
    const strange = stranger(this.schema, path, text);
    const message = `${quote(value)} is not valid for ${describe(path)}${strange ? `: it holds ${strange}` : ''}`;
    const near = nearestValid(this.schema, path, text);
    return this.error(path, 'value', 'invalid-value', message, allowed, near);
  }

  private error(
    path: Path,
    target: 'key' | 'value',
    rule: Finding['rule'],
    message: string,
    allowed: string,
    near?: string,
  ): Placed {
    const location = this.yaml.locate(path, target);
    return {
      rule,
      severity: 'error',
      message,
      allowed,
      ...(near !== undefined && { nearest: near }),
      location,
    };
  }
}

/** The alternative that the author meant: the one whose outermost type fits. */
export function unionBranch(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
): readonly Issue[] {
  const fitting = issue.errors.find(
    (branch) => !branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'),
  );
  if (fitting !== undefined) return fitting;
  const expected = issue.errors
    .flat()
    .map((inner) => (inner.code === 'invalid_type' ? inner.expected : 'string'));
  const both = [...new Set(expected)].join(' or ');
  return [{ code: 'invalid_type', expected: both as 'string', path: [], message: '', input: value }];
}
