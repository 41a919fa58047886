import path from 'node:path';
import type { z } from 'zod';
import type { Finding, Locate, Location, Path, Position } from '../findings/finding.ts';
import { maxFindings, unlessOverflow } from '../findings/limits.ts';
import type { YamlFile } from '../yaml/reader.ts';
import { matchFiles, readText } from './files.ts';
import type { InputMemory, WithServices } from './memory.ts';
import { schemaFindings } from './problems.ts';
import { type OriginalPath, type Part, repair } from './repair.ts';
import { respelled } from './respelled.ts';
import { includeSchema, type Spec, specSchema } from './schema.ts';
import { withoutSecrets } from './secrets.ts';
import { readYaml } from './yaml.ts';

/** The input as far as it could be read. */
export interface Input {
  /** The path of the main file, as it was given. */
  readonly file: string;
  /**
   * What the files say, included services among `services`. When there are findings, the parts that are wrong are
   * left out, so that the rest can still be checked; undefined when too little is left.
   */
  readonly spec: Spec | undefined;
  /** The parts that something was left out of: a reference to something unknown there may be a reference to that. */
  readonly incomplete: ReadonlySet<Part>;
  readonly findings: readonly Finding[];
  /** Finds the place of a path of `spec` in the file that it came from. */
  readonly locate: Locate;
  /** The text of each file by its path, secrets painted over: what code frames are cut from. */
  readonly sources: ReadonlyMap<string, string>;
  /** The folders in which the files are and in which "include" looks for more. */
  readonly folders: ReadonlySet<string>;
}

/**
 * Loads services.yaml and the files that it includes. Every problem of every file is reported; nothing is thrown.
 *
 * @param file path of the main file, absolute or relative to the working directory
 * @param known what was read before, and remembers this
 */
export function loadInput(file: string, known?: InputMemory): Input {
  return new Loader(file, known).load();
}

/** Where a service comes from: its file, and its index there once broken parts were left out. */
interface Origin {
  readonly yaml: YamlFile;
  readonly index: number;
  readonly original: OriginalPath;
}

interface Parsed<T> {
  readonly data: T;
  readonly original: OriginalPath;
}

class Loader {
  private readonly findings: Finding[] = [];
  private readonly sources = new Map<string, string>();
  private readonly folders = new Set<string>();
  private readonly origins: Origin[] = [];
  private originalInMain: OriginalPath = (at) => at;
  private readonly incomplete = new Set<Part>();
  /** Whether a place of a file was painted over. */
  private readonly painted = new Map<YamlFile, (at: Position) => boolean>();

  constructor(
    private readonly file: string,
    private readonly known: InputMemory | undefined,
  ) {
    this.folders.add(path.dirname(file));
  }

  load(): Input {
    const main = this.read(this.file);
    const spec = main && this.specOf(main);
    return {
      file: this.file,
      spec,
      incomplete: this.incomplete,
      findings: this.findings,
      locate: (at, target) => this.locate(main, at, target),
      sources: this.sources,
      folders: this.folders,
    };
  }

  private specOf(main: YamlFile): Spec | undefined {
    const parsed = this.parse(main, specSchema);
    if (parsed === undefined) return undefined;
    const { data, original } = parsed;
    this.originalInMain = original;
    const named = data.services ?? data.include;
    if (named === undefined && !this.incomplete.has('services')) this.reportNoServices(main);
    const own = (data.services ?? []).map((service, index) => ({ service, yaml: main, index, original }));
    const all = [...own, ...this.included(main, data.include ?? [])];
    this.origins.push(...all);
    return { ...data, services: all.map(({ service }) => service) };
  }

  private included(main: YamlFile, patterns: readonly string[]) {
    const folder = path.dirname(this.file);
    const seen = new Set<string>([path.basename(this.file)]);
    return patterns.flatMap((pattern, index) => {
      const matches = matchFiles(folder, pattern);
      for (const below of matches.folders) this.folders.add(path.join(folder, below));
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
      const place = this.locate(main, ['include', index]);
      return files.flatMap((name) => this.includedFile(path.join(folder, name), place));
    });
  }

  private includedFile(file: string, place: Location) {
    const yaml = this.read(file, place);
    const parsed = yaml && this.parse(yaml, includeSchema);
    if (yaml === undefined || parsed === undefined) {
      this.incomplete.add('services');
      return [];
    }
    const { data, original } = parsed;
    return data.services.map((service, index) => ({ service, yaml, index, original }));
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
      return undefined;
    }
    const { yaml, findings, isPainted } = withoutSecrets(readYaml(file, content.text, this.known?.items));
    this.sources.set(file, yaml.text);
    // What begins in the paint is about the paint.
    const others = yaml.findings.filter(({ location }) => !location || !isPainted(location.start));
    this.add(yaml, [...findings, ...others]);
    this.painted.set(yaml, isPainted);
    return yaml.findings.some(({ rule }) => !isLocal.has(rule)) ? undefined : yaml;
  }

  private add(yaml: YamlFile, findings: readonly Finding[]): void {
    this.findings.push(...findings);
    if (findings.length >= maxFindings) this.reportTooMany(yaml);
  }

  private reportTooMany(yaml: YamlFile): void {
    const message = `there are more than ${maxFindings} problems in this file; the others are not listed`;
    this.error('input-limit', message, 'a file of the format', yaml.locate([]));
  }

  /** Checks a file against its schema. When it does not match, what is wrong is left out and the rest kept. */
  private parse<T extends WithServices>(yaml: YamlFile, schema: z.ZodType<T>): Parsed<T> | undefined {
    const { known } = this;
    const result = unlessOverflow(() =>
      known === undefined ? schema.safeParse(yaml.value) : known.safeParse(schema, yaml.value),
    );
    if (result?.success) return { data: result.data, original: (at) => at };
    const isPainted = this.painted.get(yaml) ?? (() => false);
    const meant = result && unlessOverflow(() => respelled(yaml, schema, result.error.issues, isPainted));
    if (meant === undefined) {
      this.reportTooMany(yaml);
      return undefined;
    }
    const findings = [...meant.findings, ...schemaFindings(meant.yaml, schema, meant.issues, isPainted)];
    this.add(yaml, findings.slice(0, maxFindings));
    const { value, leftOut, original } = repair(meant.yaml.value, meant.issues, yaml.file === this.file);
    for (const part of leftOut) this.incomplete.add(part);
    const { data } = schema.safeParse(value);
    return data && { data, original: (at) => meant.original(original(at)) };
  }

  private locate(main: YamlFile | undefined, at: Path, target: 'key' | 'value' = 'value') {
    const [first, index, ...rest] = at;
    const origin = first === 'services' && typeof index === 'number' ? this.origins[index] : undefined;
    if (origin) return origin.yaml.locate(origin.original(['services', origin.index, ...rest]), target);
    return (
      main?.locate(this.originalInMain(at), target) ?? {
        file: this.file,
        start: { line: 1, column: 1 },
        end: { line: 1, column: 2 },
      }
    );
  }

  private report(main: YamlFile, at: Path, message: string, allowed: string): void {
    this.error('include', message, allowed, this.locate(main, at));
    this.incomplete.add('services');
  }

  private reportNoServices(main: YamlFile): void {
    const allowed = '"services" with a list, or "include" with files that have one';
    this.error('missing-key', 'the file names no services', allowed, main.locate([]));
  }

  private error(rule: Finding['rule'], message: string, allowed: string, location: Location): void {
    this.findings.push({ rule, severity: 'error', message, allowed, location });
  }
}

/** What is wrong with one key and leaves the rest of the file readable. */
const isLocal: ReadonlySet<Finding['rule']> = new Set(['duplicate-key', 'wrong-type']);
