import { planDist, writeDist } from '../dist/index.ts';
import { compileInput, exit, type FileOptions, finish, plural, withFiles } from './command.ts';
import { type Compile, hasErrors } from './compiled.ts';
import { proveFiles } from './proven.ts';

/** Compiles the input, proves the files and makes dist what they are. With an error anywhere, dist stays as it was. */
export async function synth(compile: Compile, options: FileOptions): Promise<number> {
  const compiled = await compileInput(compile, options);
  const { files, findings, sources, counts } = compiled;
  if (hasErrors(findings)) {
    const summary = { command: 'synth', written: 0, removed: 0, unchanged: 0 };
    return finish({ findings, sources, summary, done: '' }, options);
  }
  const proof = proveFiles(compiled, options.dist);
  if (hasErrors(proof.findings)) {
    const summary = { command: 'synth', written: 0, removed: 0, unchanged: 0, proof: proof.counts };
    const all = new Map([...sources, ...proof.sources]);
    return finish({ findings: [...findings, ...proof.findings], sources: all, summary, done: '' }, options);
  }
  const plan = withFiles(`${options.dist} cannot be read`, () => planDist(options.dist, files));
  if (plan.obstacles.length > 0) {
    const summary = { command: 'synth', written: 0, removed: 0, unchanged: plan.unchanged };
    return finish({ findings: [...findings, ...plan.obstacles], sources, summary, done: '' }, options);
  }
  withFiles(`${options.dist} cannot be written and was left as it was`, () => writeDist(plan));
  const [written, removed] = [plan.writes.length, plan.removals.length];
  const done =
    `${options.dist}: ${plural(written, 'file')} written, ${removed} removed, ${plan.unchanged} unchanged ` +
    `(${plural(counts.services, 'service')} in ${plural(counts.clusters, 'cluster')}, ${plural(counts.objects, 'object')} validated)\n${proof.line}`;
  finish(
    {
      findings,
      sources,
      summary: {
        command: 'synth',
        written,
        removed,
        unchanged: plan.unchanged,
        ...counts,
        proof: proof.counts,
      },
      done,
    },
    options,
  );
  return exit.fine;
}
