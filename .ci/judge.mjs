// Asks a validator about every object that .ci/emit.mjs wrote, each against the CRDs of its own release.
//
//   node .ci/judge.mjs kubeconform|kubectl-validate FOLDER
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addCounts } from './counts.mjs';
import { releases } from './releases.mjs';
import { passesOver, validators } from './validators.mjs';

const [name, root] = process.argv.slice(2);

for (const release of releases) {
  const folder = path.join(root, release);
  if (!existsSync(folder)) {
    console.error(`${release}: there are no objects`);
    process.exitCode = 1;
    continue;
  }
  const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = all.map((entry) => path.join(entry.parentPath, entry.name));
  const asked = files.filter((file) => !passesOver(name, readFileSync(file, 'utf8')));
  const verdicts = validators[name](folder, release);

  const problems = asked.flatMap((file) => {
    const problem = verdicts.has(file) ? verdicts.get(file) : 'no verdict';
    return problem === undefined ? [] : [`${path.relative(root, file)}: ${problem}`];
  });
  for (const problem of problems) console.error(problem);
  addCounts(asked.length - problems.length, problems.length);
  const others = files.length - asked.length;
  console.log(
    `${release}: ${asked.length - problems.length} objects accepted, ${problems.length} refused` +
      (others > 0 ? `; ${others} of Kubernetes' own kinds are left to kubectl-validate` : ''),
  );
  if (problems.length > 0 || asked.length === 0) process.exitCode = 1;
}
