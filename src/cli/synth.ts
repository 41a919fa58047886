import { planDist, writeDist } from '../dist/index.ts';
import { counted } from '../report/counted.ts';
import type { Report } from '../report/index.ts';
import { compileInput, type FileOptions, finish, withFiles } from './command.ts';
import { type Compile, hasErrors } from './compiled.ts';
import { doneRows, proveFiles } from './proven.ts';

/** Flags of `synth`. */
export interface SynthOptions extends FileOptions {
  readonly watch?: boolean;
}

/** What a run of `synth` has to say. */
export type SynthReport = Omit<Report, 'version'>;

/** Compiles the input, proves the files and makes dist what they are; says how that went. */
export async function synth(compile: Compile, options: FileOptions): Promise<number> {
  return finish(await writeInput(compile, options), options);
}

/** The same without a word. With an error anywhere, dist stays as it was. */
export async function writeInput(compile: Compile, options: FileOptions): Promise<SynthReport> {
  const compiled = await compileInput(compile, options);
  const { files, findings, sources, counts } = compiled;
  if (hasErrors(findings)) {
    const summary = { command: 'synth', written: 0, removed: 0, unchanged: 0 };
    return { findings, sources, summary, done: '' };
  }
  const proof = proveFiles(compiled, options.dist);
  if (hasErrors(proof.findings)) {
    const summary = { command: 'synth', written: 0, removed: 0, unchanged: 0, proof: proof.counts };
    const all = new Map([...sources, ...proof.sources]);
    return { findings: [...findings, ...proof.findings], sources: all, summary, done: '' };
  }
  const plan = withFiles(`${options.dist} cannot be read`, () => planDist(options.dist, files));
  if (plan.obstacles.length > 0) {
    const summary = { command: 'synth', written: 0, removed: 0, unchanged: plan.unchanged };
    return { findings: [...findings, ...plan.obstacles], sources, summary, done: '' };
  }
  withFiles(`${options.dist} cannot be written and was left as it was`, () => writeDist(plan));
  const [written, removed] = [plan.writes.length, plan.removals.length];
  const done = [
    {
      label: options.dist,
      text: `${counted(written, 'file')} written, ${removed} removed, ${plan.unchanged} unchanged`,
      isNotable: removed > 0,
    },
    ...doneRows(counts, proof.counts),
  ];
  const numbers = { written, removed, unchanged: plan.unchanged, ...counts, proof: proof.counts };
  return { findings, sources, summary: { command: 'synth', ...numbers }, done };
}
