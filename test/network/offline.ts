import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, inFolder, runProgram } from '../support/run.ts';

const attemptsModule = fileURLToPath(new URL('attempts.cjs', import.meta.url));

const newNamespace = ['--user', '--map-root-user', '--net', '--'];
let permitted: Promise<Ended> | undefined;

const notPermitted =
  'This system permits no network namespace, and without one nothing can be shown of runs without a network. ' +
  'Permit user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0, in a container --security-opt seccomp=unconfined), or run the tests as root.';

/** What a program did without a network. */
export interface OfflineRun extends Ended {
  /** Its attempts to reach one, those of its threads and of the Node.js processes that it started among them. */
  readonly attempts: string;
}

/**
 * Runs a program in a user and network namespace of its own, where there is not even a loopback interface.
 *
 * @throws where the system permits no such namespace: what is not seen there is not shown
 */
export async function runOffline(program: string, args: readonly string[], cwd: string): Promise<OfflineRun> {
  permitted ??= runProgram('unshare', [...newNamespace, 'true'], { cwd });
  const { code, stderr } = await permitted;
  if (code !== 0) throw new Error(`${stderr}${notPermitted}`);
  return inFolder(async (folder) => {
    const ATTEMPTS = path.join(folder, 'attempts');
    const env = { ATTEMPTS, NODE_OPTIONS: `--require=${JSON.stringify(attemptsModule)}` };
    const ended = await runProgram('unshare', [...newNamespace, program, ...args], { cwd, env });
    return { ...ended, attempts: readIfThere(ATTEMPTS) };
  });
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
