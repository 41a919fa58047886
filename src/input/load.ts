import path from 'node:path';
import type { z } from 'zod';
import type { Finding, Locate, Location, Path, Position } from '../findings/finding.ts';
import { matchFiles, readText } from './files.ts';
import { schemaFindings } from './problems.ts';
import { includeSchema, type Spec, specSchema } from './schema.ts';
import { withoutSecrets } from './secrets.ts';
import { type Plain, readYaml, type YamlFile } from './yaml.ts';

/** The input as far as it could be read. */
export interface Input {
  /** The path of the main file, as it was given. */
  readonly file: string;
  /**
   * What the files say, included services among `services`. When there are findings, the parts that are wrong are
   * left out, so that the rest can still be checked; undefined when too little is left.
   */
  readonly spec: Spec | undefined;
  /** Whether parts were left out: then a reference to something unknown may be a reference to one of them. */
  readonly partial: boolean;
  readonly findings: readonly Finding[];
  /** Finds the place of a path of `spec` in the file that it came from. */
  readonly locate: Locate;
  /** The text of each file by its path, secrets painted over: what code frames are cut from. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Loads services.yaml and the files that it includes. Every problem of every file is reported; nothing is thrown.
 *
 * @param file path of the main file, absolute or relative to the working directory
 */
export function loadInput(file: string): Input {
  const loader = new Loader(file);
  return loader.load();
}

class Loader {
  private readonly findings: Finding[] = [];
  private readonly sources = new Map<string, string>();
  private readonly origins: { readonly yaml: YamlFile; readonly index: number }[] = [];
  private partial = false;
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  load(): Input {
    const main = this.read(this.file);
    const spec = main && this.specOf(main);
    return {
      file: this.file,
      spec,
      partial: this.partial,
      findings: this.findings,
      locate: (at, target) => this.locate(main, at, target),
      sources: this.sources,
    };
  }

  private specOf(main: YamlFile): Spec | undefined {
    const parsed = this.parse(main, specSchema, repairSpec);
    if (parsed === undefined) return undefined;
    const own = (parsed.services ?? []).map((service, index) => ({
      service,
      yaml: main,
      index: this.original(main, index),
    }));
    if (parsed.services === undefined && parsed.include === undefined && !this.partial)
      this.reportNoServices(main);
    const all = [...own, ...this.included(main, parsed.include ?? [])];
    this.origins.push(...all);
    return { ...parsed, services: all.map(({ service }) => service) };
  }

  private included(main: YamlFile, patterns: readonly string[]) {
    const folder = path.dirname(this.file);
    const seen = new Set<string>([path.basename(this.file)]);
    return patterns.flatMap((pattern, index) => {
      const matches = matchFiles(folder, pattern);
      if ('problem' in matches) {
        this.report(
          main,
          ['include', index],
          matches.problem,
          'a pattern below the folder of this file that matches',
        );
        return [];
      }
      if (matches.files.includes(path.basename(this.file))) {
        this.report(main, ['include', index], `"${pattern}" matches the main file itself`, 'other files');
      }
      const files = matches.files.filter((name) => !seen.has(name));
      for (const name of files) seen.add(name);
      const place = main.locate(['include', index]);
      return files.flatMap((name) => this.includedFile(path.join(folder, name), place));
    });
  }

  private includedFile(file: string, place: Location) {
    const yaml = this.read(file, place);
    const parsed = yaml && this.parse(yaml, includeSchema, repairInclude);
    if (yaml === undefined || parsed === undefined) {
      this.partial = true;
      return [];
    }
    return parsed.services.map((service, index) => ({ service, yaml, index: this.original(yaml, index) }));
  }

  /**
   * Reads a file and paints over what looks like a secret, before anything else sees it.
   *
   * @param place where the file is named: there it is reported when it cannot be opened
   */
  private read(file: string, place?: Location): YamlFile | undefined {
    const content = readText(file);
    if ('failure' in content) {
      this.findings.push({ severity: 'error', ...(place && { location: place }), ...content.failure });
      this.partial = true;
      return undefined;
    }
    const clean = withoutSecrets(readYaml(file, content.text));
    this.sources.set(file, clean.yaml.text);
    this.findings.push(...clean.findings, ...clean.yaml.findings.filter(notAt(clean.findings)));
    this.painted.set(clean.yaml, clean.findings);
    if (clean.yaml.findings.length === 0) return clean.yaml;
    this.partial = true;
    return clean.yaml.findings.some((finding) => finding.rule !== 'duplicate-key') ? undefined : clean.yaml;
  }

  private readonly painted = new Map<YamlFile, readonly Finding[]>();
  private readonly dropped = new Map<YamlFile, readonly number[]>();

  /** Checks a file against its schema. When it does not match, what is wrong is left out and the rest kept. */
  private parse<T>(
    yaml: YamlFile,
    schema: z.ZodType<T>,
    repair: (value: Plain, issues: Issues) => Repaired,
  ): T | undefined {
    const result = schema.safeParse(yaml.value);
    if (result.success) return result.data;
    const findings = schemaFindings(yaml, schema, result.error.issues);
    this.findings.push(...findings.filter(notAt(this.painted.get(yaml) ?? [])));
    this.partial = true;
    const { value, dropped } = repair(yaml.value, result.error.issues);
    this.dropped.set(yaml, dropped);
    return schema.safeParse(value).data;
  }

  /** The index that a service had in its file before broken ones were left out. */
  private original(yaml: YamlFile, index: number): number {
    return (this.dropped.get(yaml) ?? []).reduce(
      (at, droppedIndex) => (droppedIndex <= at ? at + 1 : at),
      index,
    );
  }

  private locate(main: YamlFile | undefined, at: Path, target: 'key' | 'value' = 'value') {
    const [first, index, ...rest] = at;
    const origin = first === 'services' && typeof index === 'number' ? this.origins[index] : undefined;
    if (origin) return origin.yaml.locate(['services', origin.index, ...rest], target);
    return (
      main?.locate(at, target) ?? {
        file: this.file,
        start: { line: 1, column: 1 },
        end: { line: 1, column: 2 },
      }
    );
  }

  private report(yaml: YamlFile, at: Path, message: string, allowed: string): void {
    this.findings.push({ rule: 'include', severity: 'error', message, allowed, location: yaml.locate(at) });
    this.partial = true;
  }

  private reportNoServices(main: YamlFile): void {
    const message = 'the file names no services';
    const allowed = '"services" with a list, or "include" with files that have one';
    this.findings.push({
      rule: 'missing-key',
      severity: 'error',
      message,
      allowed,
      location: main.locate([]),
    });
  }
}

/** Leaves out findings that begin inside a stretch that was painted over: they would be about the paint. */
function notAt(secrets: readonly Finding[]): (finding: Finding) => boolean {
  return ({ location }) =>
    location === undefined ||
    !secrets.some(
      ({ location: painted }) =>
        painted !== undefined &&
        !isBefore(location.start, painted.start) &&
        isBefore(location.start, painted.end),
    );
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

type Issues = readonly z.core.$ZodIssue[];

interface Repaired {
  readonly value: Plain;
  /** Indexes of the services that were left out, ascending. */
  readonly dropped: readonly number[];
}

/** Leaves out what is wrong in an included file: unknown keys, and otherwise the service around the problem. */
function repairInclude(value: Plain, issues: Issues): Repaired {
  const copy = structuredCloneWithoutPrototype(value);
  const dropped = new Set<number>();
  for (const issue of issues) {
    const [first, index] = issue.path;
    if (issue.code === 'unrecognized_keys') removeKeys(copy, issue.path as Path, issue.keys);
    else if (first === 'services' && typeof index === 'number') dropped.add(index);
  }
  if (isMapping(copy) && Array.isArray(copy.services)) {
    copy.services = copy.services.filter((_, index) => !dropped.has(index));
  }
  return { value: copy, dropped: [...dropped].sort((a, b) => a - b) };
}

/**
 * The same for the main file. Its other parts are left out by their top-level key, or by their entry; what the format
 * requires is given a stand-in, which nothing is ever generated from.
 */
function repairSpec(value: Plain, issues: Issues): Repaired {
  const { value: copy, dropped } = repairInclude(value, issues);
  if (!isMapping(copy)) return { value: copy, dropped };
  for (const { code, path: at } of issues) {
    const [first, second] = at;
    if (code === 'unrecognized_keys' || typeof first !== 'string') continue;
    const part = copy[first];
    if (first === 'services' && typeof second === 'number') continue;
    if (first === 'shared' && Array.isArray(part) && typeof second === 'number') part[second] = null;
    else if (first === 'clusters' && isMapping(part) && typeof second === 'string') delete part[second];
    else delete copy[first];
  }
  if (Array.isArray(copy.shared)) copy.shared = copy.shared.filter((entry) => entry !== null);
  copy.version ??= 1;
  copy.aws ??= { account: '000000000000' };
  return { value: copy, dropped };
}

function removeKeys(value: Plain, at: Path, keys: readonly string[]): void {
  let here: Plain | undefined = value;
  for (const step of at) here = (here as { [key: string]: Plain } | undefined)?.[step as string];
  if (isMapping(here)) for (const key of keys) delete here[key];
}

function isMapping(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function structuredCloneWithoutPrototype(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(structuredCloneWithoutPrototype);
  if (!isMapping(value)) return value;
  const copy: { [key: string]: Plain } = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = structuredCloneWithoutPrototype(inner);
  return copy;
}
