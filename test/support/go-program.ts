import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Asks one of the programs around libraries of Kubernetes that .ci/build-apiserver.sh builds.
 *
 * @returns the answer to each question, in their order
 */
export function askGo<Answer>(name: 'cel' | 'guard' | 'yaml', questions: readonly unknown[]): Answer[] {
  const program = fileURLToPath(new URL(`../../.ci/tools/bin/${name}`, import.meta.url));
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const { stdout, stderr, status } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
