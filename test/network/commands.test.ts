import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mainArguments, runMain, runProgram } from '../support/run.ts';
import { runOffline } from './offline.ts';

/** Every command, in an order in which each finds what it needs. */
const commands: Readonly<Record<string, readonly string[]>> = {
  init: ['init'],
  synth: ['synth', '--shard', '1/1', '-o', 'shard'],
  merge: ['merge', 'shard', '-o', 'dist'],
  check: ['check'],
  prove: ['prove'],
  validate: ['validate', 'dist/clusters'],
  report: ['report'],
  explain: ['explain', 'service1'],
  aws: ['aws', 'tag-commands'],
  diff: ['diff'],
  schema: ['schema'],
  completion: ['completion', 'bash'],
};

/** Code that tries to reach something and keeps quiet, and what is noticed of it. */
const attempts: readonly (readonly [code: string, noticed: string])[] = [
  [`fetch('http://192.0.2.1').catch(() => 0)`, 'net.connect'],
  [`require('http').get('http://192.0.2.1').on('error', () => 0)`, 'net.connect'],
  [`require('https').get('https://192.0.2.1').on('error', () => 0)`, 'net.connect'],
  [
    `new (require('worker_threads').Worker)('fetch("http://192.0.2.1").catch(() => 0)', { eval: true })`,
    'net.connect',
  ],
  [
    `require('child_process').execFileSync(process.execPath, ['-e', 'fetch("http://192.0.2.1").catch(() => 0)'])`,
    'net.connect',
  ],
  [`require('net').createServer().on('error', () => 0).listen(0).unref()`, 'net.listen'],
  [
    `require('dgram').createSocket('udp4').on('error', () => 0).unref().send('', 9, '192.0.2.1')`,
    'dgram.send',
  ],
  [`require('dns').lookup('example.com', () => 0)`, 'dns.lookup'],
  [`require('dns').promises.resolve4('example.com').catch(() => 0)`, 'dns.promises.resolve4'],
];

const fetching = (port: number) =>
  `fetch('http://127.0.0.1:${port}').then(({ status }) => console.log(status), ({ cause }) => console.log(cause.code))`;

describe('without a network', () => {
  const folder = mkdtempSync(`${tmpdir()}/eso-abac-test-`);
  const server = createServer((_, response) => response.end());
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('there is none: what can be reached from here cannot be reached from there', async () => {
    const args = ['-e', fetching(port)];
    expect((await runProgram(process.execPath, args, { cwd: folder })).stdout).toBe('200\n');
    const offline = await runOffline(process.execPath, args, folder);
    expect(offline.stdout).toMatch(/^E[A-Z]+\n$/);
    const interfaces = await runOffline('cat', ['/proc/net/dev'], folder);
    expect(interfaces.stdout.match(/^ *\w+(?=:)/gm)?.map((name) => name.trim())).toEqual(['lo']);
  });

  it('an attempt is noticed although nobody hears of its failure', async () => {
    const script = attempts.map(([code]) => code).join(';');
    const offline = await runOffline(process.execPath, ['-e', script], folder);
    expect(offline).toMatchObject({ code: 0, stdout: '', stderr: '' });
    // fetch, http, https, a thread and another process
    expect(offline.attempts.match(/^net\.connect$/gm)).toHaveLength(5);
    expect(offline.attempts.split('\n')).toEqual(expect.arrayContaining(attempts.map(([, name]) => name)));
  });

  it.each(Object.entries(commands))('%s works, and tries to reach none', async (name, args) => {
    if (name === 'diff') await commitAll(folder);
    const { code, stdout, stderr, attempts } = await runOffline(
      process.execPath,
      [...mainArguments, ...args],
      folder,
    );
    expect({ code, stderr, attempts }).toEqual({ code: 0, stderr: '', attempts: '' });
    expect(stdout).not.toBe('');
  });

  it('that is every command there is', async () => {
    const { stdout } = await runMain(['--help'], { cwd: folder });
    const listed = /^Commands:\n([\s\S]*?)\n\n/m.exec(stdout)?.[1]?.match(/^ {2}[a-z-]+/gm) ?? [];
    expect(
      listed
        .map((name) => name.trim())
        .filter((name) => name !== 'help')
        .sort(),
    ).toEqual(Object.keys(commands).sort());
  });
});

async function commitAll(cwd: string): Promise<void> {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    [...identity, 'commit', '-qm', 'First'],
  ])
    expect(await runProgram('git', args, { cwd })).toMatchObject({ code: 0, stderr: '' });
}
