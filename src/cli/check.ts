import { planDist, planFindings } from '../dist/index.ts';
import { compileInput, type FileOptions, finish, plural, withFiles } from './command.ts';
import { type Compile, hasErrors } from './compiled.ts';

/** Says whether dist is what the input yields, and changes nothing. */
export function check(compile: Compile, options: FileOptions): number {
  const { files, findings, sources, counts } = compileInput(compile, options);
  if (hasErrors(findings))
    return finish({ findings, sources, summary: { command: 'check' }, done: '' }, options);
  const plan = withFiles(`${options.dist} cannot be read`, () => planDist(options.dist, files));
  const differences = planFindings(plan);
  const done =
    differences.length > 0
      ? ''
      : `${options.dist} is up to date: ${plural(files.length, 'file')}, ${plural(counts.objects, 'object')} validated`;
  const summary = { command: 'check', upToDate: differences.length === 0, ...counts };
  return finish({ findings: [...findings, ...differences], sources, summary, done }, options);
}
