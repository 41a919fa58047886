// Lints with actionlint the workflows that `init` writes and the pages show, in a repository that has the package: the
// inputs of the action are checked too. A workflow with a misspelt input must be refused, or nothing was checked.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
const workflows = join(folder, '.github/workflows');

try {
  execFileSync('git', ['init', '-q', folder]);
  mkdirSync(join(folder, 'node_modules/eso-abac'), { recursive: true });
  cpSync(join(root, 'action.yml'), join(folder, 'node_modules/eso-abac/action.yml'));
  const init = ['--import', import.meta.resolve('tsx'), join(root, 'main.ts'), 'init', folder, '--quiet'];
  execFileSync(process.execPath, init, { stdio: 'inherit' });
  const shown = ['docs/ci.md', 'docs/shards.md'].flatMap(workflowsIn);
  for (const [, name, text] of shown) writeFileSync(join(workflows, `shown-${name}`), text);
  const good = lint();
  const workflow = readFileSync(join(workflows, 'eso-abac.yml'), 'utf8');
  writeFileSync(
    join(workflows, 'broken.yml'),
    `${workflow.trimEnd()}\n        with:\n          coment: true\n`,
  );
  const broken = lint();
  const checks = [good.status === 0, broken.status === 1 && broken.stdout.includes('input "coment"')];
  process.stdout.write(checks[0] ? '' : good.stdout);
  if (!checks[1]) console.log(`a misspelt input was not found: ${broken.stdout}`);
  const passed = checks.filter(Boolean).length;
  if (process.env.COUNTS) appendFileSync(process.env.COUNTS, `${passed} ${checks.length - passed}\n`);
  console.log(`${shown.length + 1} workflows, and a broken one`);
  process.exitCode = passed === checks.length ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function workflowsIn(page) {
  const text = readFileSync(join(root, page), 'utf8');
  const found = [...text.matchAll(/^```yaml \.github\/workflows\/(\S+)\n([\s\S]*?)^```$/gm)];
  if (found.length === 0) throw new Error(`${page} shows no workflow`);
  return found;
}

function lint() {
  // shellcheck and pyflakes are used where they happen to be installed: the result must not depend on that.
  const ended = spawnSync('actionlint', ['-no-color', '-shellcheck=', '-pyflakes='], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (ended.error) throw new Error(`actionlint cannot be started: ${ended.error.message}`);
  return { status: ended.status, stdout: ended.stdout + ended.stderr };
}
