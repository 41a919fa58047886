import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** An emulator of AWS on this machine. `.ci/install-python.sh` installs it. */
const command = fileURLToPath(new URL('../../.ci/tools/python/bin/moto_server', import.meta.url));

/** A running emulator: the configuration of clients that talk to it, and how to end it. */
export interface Moto {
  client(region: string, credentials?: Credentials): ClientConfig;
  stop(): Promise<void>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** @param account that requests belong to as long as they come from no assumed role */
export async function startMoto(account: string): Promise<Moto> {
  const port = await freePort();
  const server = spawn(command, ['--host', '127.0.0.1', '--port', String(port)], {
    env: { ...process.env, MOTO_ACCOUNT_ID: account },
    stdio: 'ignore',
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(server, `${endpoint}/moto-api/data.json`);
  return {
    client: (region, credentials = { accessKeyId: 'test', secretAccessKey: 'test' }) => ({
      endpoint,
      region,
      credentials,
    }),
    stop: () =>
      new Promise((resolve) => {
        server.once('exit', () => resolve());
        server.kill();
      }),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function answers(server: ChildProcess, url: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`${command} ended with ${server.exitCode}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await wait(100);
  }
  server.kill();
  throw new Error(`${command} does not answer`);
}
