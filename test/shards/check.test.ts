import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile, compileInParts } from '../../main.ts';
import { proveFiles } from '../../src/cli/proven.ts';
import type { DistFile } from '../../src/dist/index.ts';
import { loadInput } from '../../src/input/load.ts';
import { isOfShard } from '../../src/shards/shard.ts';
import { servicesYaml } from '../support/command.ts';
import { runInProcess } from '../support/documents.ts';
import { inFolder, writeFiles } from '../support/run.ts';
import { shardFiles } from './files.ts';

const count = 3;
const shards = ['1/3', '2/3', '3/3'];

interface Printed {
  readonly upToDate?: boolean;
  readonly shard?: string;
  readonly findings: readonly { readonly message: string }[];
}

async function run(...args: readonly string[]): Promise<{ code: number } & Printed> {
  const { code, stdout } = await runInProcess([...args, '--format', 'json']);
  return { code, ...(JSON.parse(stdout) as Printed) };
}

describe('check --shard', () => {
  it('finds in each shard what is wrong there: together what check finds, nothing twice', () =>
    inFolder(async (folder) => {
      const files = ['-f', path.join(folder, 'services.yaml'), '-o', path.join(folder, 'dist')];
      const services = path.join(folder, 'dist/clusters/us-west-2/services');
      const names = ['payments', 'orders', 'search', 'ledger', 'billing', 'audit', 'mail', 'cart'];
      writeFiles(folder, { 'services.yaml': servicesYaml(names) });
      expect(await runInProcess([...files, '-q'])).toMatchObject({ code: 0 });
      for (const shard of shards) {
        expect(await run('check', ...files, '--shard', shard)).toMatchObject({
          code: 0,
          shard,
          upToDate: true,
        });
      }

      writeFiles(folder, {
        'services.yaml': servicesYaml(names.filter((name) => !['orders', 'ledger'].includes(name))),
      });
      appendFileSync(path.join(services, 'search.yaml'), '# by hand\n');
      appendFileSync(path.join(folder, 'dist/operator/us-west-2/helm-values.yaml'), 'a: b\n');
      rmSync(path.join(services, 'payments.yaml'));
      for (const name of ['a', 'b', 'c', 'd'])
        writeFileSync(path.join(services, `${name}.yaml`), 'kind: Secret\n');
      const whole = await run('check', ...files);
      const parts: Awaited<ReturnType<typeof run>>[] = [];
      for (const shard of shards) parts.push(await run('check', ...files, '--shard', shard));
      const messages = ({ findings }: Printed) => findings.map(({ message }) => message);
      expect(whole.findings.length).toBe(11);
      expect(parts.flatMap(messages).sort()).toEqual(messages(whole).sort());
      for (const part of parts) expect(part).toMatchObject({ code: 1, upToDate: false });
    }));
});

it('every shard finds every problem of the input, as a run without shards does', () =>
  inFolder(async (folder) => {
    const text = servicesYaml(['payments', 'orders', 'search'])
      .replace('orders/db', 'payments/db')
      .replace('name: search,', 'name: search, namespace: payments-ns,');
    writeFiles(folder, { 'services.yaml': text });
    const files = ['-f', path.join(folder, 'services.yaml'), '-o', path.join(folder, 'dist')];
    const whole = await runInProcess(files);
    expect(whole).toMatchObject({ code: 1, stdout: '' });
    expect(whole.stderr).toContain('[secret-owner]');
    expect(whole.stderr).toContain('[namespace-conflict]');
    for (const shard of shards) expect(await runInProcess([...files, '--shard', shard])).toEqual(whole);
  }));

it('a shard is the same whether a thread reads its files or not', () =>
  inFolder(async (folder) => {
    const names = Array.from({ length: 3300 }, (_, index) => `service-${index}`);
    writeFiles(folder, { 'services.yaml': servicesYaml(names) });
    const file = path.join(folder, 'services.yaml');
    const shard = { index: 2, count };
    const { files, ...onOne } = compile(file, shard);
    const handedOn: DistFile[] = [];
    const { proof, ...onThread } = compileInParts(
      loadInput(file),
      () => undefined,
      (part) => handedOn.push(...part),
      shard,
    );
    const byPath = (some: readonly DistFile[]) => new Map(some.map(({ path: name, text }) => [name, text]));
    expect(byPath(handedOn)).toEqual(byPath(files));
    expect(onThread).toEqual(onOne);
    const [withThread, one] = [handedOn, files].map((some) => shardFiles(some, shard, '', '1.0.0').at(-1));
    expect(one?.path).toBe('eso-abac-shard.json');
    expect(withThread).toEqual(one);
    expect(Object.keys(JSON.parse(one?.text ?? '').files)).toEqual(
      files.flatMap(({ path: name }) => (isOfShard(name, shard) ? [name] : [])).sort(),
    );
    expect(onOne.counts.services).toBeLessThan(names.length);
    expect((await proof)?.counts).toEqual(proveFiles(files, 'dist').counts);
  }));
