import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { counted } from '../report/counted.ts';
import { CrossChecks, createValidator, loadCrds, ownCrds, readManifests } from '../validate/index.ts';
import { finish, type OutputOptions, UsageError, withFiles } from './command.ts';

/** Flags of `validate`. */
export interface ValidateOptions extends OutputOptions {
  /** A folder of CRD files, in place of ours. */
  readonly crds?: string;
}

/** A text with manifests, and which others it is looked at together with. */
interface Source {
  readonly file: string;
  readonly text: string;
  readonly group: string;
}

/** Validates the manifests of files, folders and standard input ("-"). */
export function validate(paths: readonly string[], options: ValidateOptions): number {
  const { crds, findings } =
    options.crds === undefined ? { crds: ownCrds, findings: [] } : kindsIn(options.crds);
  const validator = createValidator(crds);
  const crossChecks = new Map<string, CrossChecks>();
  const sources = new Map<string, string>();
  const counts = { files: 0, objects: 0 };
  for (const { file, text, group } of paths.flatMap(sourcesOf)) {
    const read = readManifests(file, text);
    const together = crossChecks.get(group) ?? new CrossChecks();
    crossChecks.set(group, together);
    for (const manifest of read.manifests) {
      findings.push(...validator.check(manifest));
      together.add(manifest);
    }
    findings.push(...read.findings);
    sources.set(file, text);
    counts.files++;
    counts.objects += read.manifests.length;
  }
  findings.push(...[...crossChecks.values()].flatMap((checks) => checks.findings()));
  return finish(
    { findings, sources, summary: { command: 'validate', ...counts }, done: summaryOf(findings, counts) },
    options,
  );
}

function summaryOf(findings: readonly Finding[], counts: { files: number; objects: number }): string {
  const valid = findings.some(({ severity }) => severity === 'error') ? '' : ', no errors';
  return `${counted(counts.objects, 'object')} in ${counted(counts.files, 'file')} validated${valid}`;
}

function kindsIn(folder: string) {
  const files = withFiles(`${folder} cannot be read`, () => crdFilesIn(folder));
  if (files.length === 0) throw new UsageError(`${folder} holds no .yaml or .yml file`);
  return loadCrds(files);
}

function crdFilesIn(folder: string) {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const files = names.sort().map((name) => path.join(folder, name));
  return files.map((file) => ({ file, text: readFileSync(insideOf(folder, file), 'utf8') }));
}

function sourcesOf(given: string): Source[] {
  if (given === '-') {
    const text = withFiles('standard input cannot be read', () => readFileSync(0, 'utf8'));
    return [{ file: '<stdin>', text, group: given }];
  }
  return withFiles(`${given} cannot be read`, () => {
    const files = statSync(given).isDirectory() ? manifestsBelow(given) : [given];
    if (files.length === 0) throw new UsageError(`${given} holds no .yaml, .yml or .json file`);
    return files.map((file) => ({ file, text: readFileSync(file, 'utf8'), group: groupOf(file, given) }));
  });
}

function manifestsBelow(folder: string): string[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (entry) => !entry.isDirectory() && /\.(?:ya?ml|json)$/.test(entry.name),
  );
  return files.map((entry) => insideOf(folder, path.join(entry.parentPath, entry.name))).sort();
}

/**
 * The path of a file below a folder, which may be a link to another file below it.
 *
 * @throws UsageError when it leads elsewhere, or to what is no file: passed over, it would count as valid
 */
function insideOf(folder: string, file: string): string {
  const [root, real] = [realpathSync(folder), realpathSync(file)];
  if (!real.startsWith(root + path.sep))
    throw new UsageError(`${file} is a link that leads out of ${folder}; it is not read`);
  if (!statSync(real).isFile()) throw new UsageError(`${file} is not a file`);
  return file;
}

/** What goes to one cluster belongs together: of our own output one cluster's folder, else everything below a path. */
function groupOf(file: string, given: string): string {
  return /^.*?clusters[/\\][^/\\]+[/\\]/.exec(file)?.[0] ?? given;
}
