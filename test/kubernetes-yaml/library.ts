import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../.ci/tools/bin/yaml', import.meta.url));

/** What Kubernetes reads a text as; see test/apiserver/server/yaml. */
export interface Answer {
  readonly documents: readonly unknown[];
  readonly refused?: string;
}

/** Has texts read as Kubernetes reads files of manifests. */
export function readByKubernetes(texts: readonly string[]): Answer[] {
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  const { stdout, stderr, status } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
