import { planDist, planFindings } from '../dist/index.ts';
import { counted } from '../report/counted.ts';
import { compileInput, type FileOptions, finish, withFiles } from './command.ts';
import { type Compile, hasErrors } from './compiled.ts';
import { doneRows, proveFiles } from './proven.ts';

/** Says whether dist is what the input yields, proves that, and changes nothing. */
export async function check(compile: Compile, options: FileOptions): Promise<number> {
  const compiled = await compileInput(compile, options);
  const { files, findings, sources, counts } = compiled;
  if (hasErrors(findings))
    return finish({ findings, sources, summary: { command: 'check' }, done: '' }, options);
  const proof = proveFiles(compiled, options.dist);
  const plan = withFiles(`${options.dist} cannot be read`, () => planDist(options.dist, files));
  const differences = planFindings(plan);
  const done =
    differences.length > 0 || hasErrors(proof.findings)
      ? ''
      : [
          { label: options.dist, text: `up to date: ${counted(files.length, 'file')}` },
          ...doneRows(counts, proof.counts),
        ];
  const summary = { command: 'check', upToDate: differences.length === 0, ...counts, proof: proof.counts };
  const all = new Map([...sources, ...proof.sources]);
  return finish(
    { findings: [...findings, ...differences, ...proof.findings], sources: all, summary, done },
    options,
  );
}
