import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, clientFor } from './client.ts';
import { type User, users } from './users.ts';

const binary = fileURLToPath(new URL('../../../.ci/tools/bin/apiserver', import.meta.url));

/** A Kubernetes API server that runs, and nothing of a cluster besides. */
export interface Server {
  /** Sends requests as one of the users. */
  readonly as: (user: User) => Client;
}

/**
 * Runs something against a fresh API server, which is gone afterwards.
 *
 * @param flags flags of kube-apiserver beside those that test/apiserver/server sets
 */
export async function withServer<Result>(
  use: (server: Server) => Promise<Result>,
  flags: readonly string[] = [],
): Promise<Result> {
  const { server, stop } = await startServer(flags);
  try {
    return await use(server);
  } finally {
    await stop();
  }
}

/** Starts an API server that runs until it is stopped, or this process ends. Throws with its log when it does not start. */
export async function startServer(
  flags: readonly string[] = [],
): Promise<{ server: Server; stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'apiserver-'));
  writeFileSync(path.join(folder, 'tokens.csv'), users.map(tokenLine).join(''), { mode: 0o600 });
  const child = spawn(binary, [folder, ...flags], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('close', () => resolve());
    child.on('error', reject);
  });
  const stop = async () => {
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const started = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
  });
  const url = await Promise.race([started, ended]);
  if (url === undefined) {
    await stop();
    throw new Error(`the API server did not start:\n${log}`);
  }
  const ca = readFileSync(path.join(folder, 'tls', 'apiserver.crt'), 'utf8');
  const as = (user: User) => clientFor({ url: url.trim(), ca, token: tokenOf(user) });
  return { server: { as }, stop };
}

/** A token of the static token file: whoever knows the user's name may be it, on loopback, for as long as a test runs. */
const tokenOf = ({ name }: User) => `token-of-${name}`;

const tokenLine = (user: User) =>
  `${[tokenOf(user), user.name, user.name, `"${user.groups.join(',')}"`].join(',')}\n`;
