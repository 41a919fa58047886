import { once } from 'node:events';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileAlone, compileInParts } from '../../main.ts';
import type { Pipeline } from '../../src/cli/compiled.ts';
import { writeInput } from '../../src/cli/synth.ts';
import type { DistFile } from '../../src/dist/index.ts';
import { loadInput } from '../../src/input/load.ts';
import { Memory, type MemoryOptions } from '../../src/parts/memory.ts';
import type { Task } from '../../src/parts/provers.ts';
import { fileKind } from '../../src/proof/files/paths.ts';
import { unlessErrors } from '../../src/proof/prove/in-parts.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { changed } from '../proof/attacks/change.ts';
import { groups } from '../proof/attacks/index.ts';
import { type Tree, treeOf } from '../proof/attacks/tree.ts';
import { servicesYaml } from '../support/command.ts';
import { inFolder, readTree } from '../support/run.ts';
import { runs } from '../support/run-compile.ts';
import { anyEdit, inputOf, inputText } from './edits.ts';

/** The threads that were asked something since a test began, and since a run began what: all is done as ever. */
const threads = new Set<Worker>();
const tasks: Task[] = [];
const { postMessage } = Worker.prototype;

beforeAll(() => {
  Worker.prototype.postMessage = function (this: Worker, task: Task) {
    threads.add(this);
    tasks.push(task);
    Reflect.apply(postMessage, this, [task]);
  };
});
afterAll(() => {
  Worker.prototype.postMessage = postMessage;
});
beforeEach(() => threads.clear());

/** Has every thread die, as one does for want of memory. */
async function killThreads(): Promise<void> {
  await Promise.all([...threads].map((thread) => thread.terminate()));
}

const fresh: Pipeline = { read: (file) => loadInput(file), compile: compileInParts, compileAlone };

function remembering(memory: Memory): Pipeline {
  return {
    ...fresh,
    read: (file) => loadInput(file, memory.input),
    compile: (input, progress, take, shard) => compileInParts(input, progress, take, shard, memory),
  };
}

/** What happens to dist, or to the thread, between two runs. */
const mishaps = ['none', 'none', 'file edited', 'file removed', 'thread killed'] as const;

const steps = fc.array(
  fc.record({ edit: anyEdit, mishap: fc.constantFrom(...mishaps), which: fc.nat(999) }),
  {
    minLength: 5,
    maxLength: 10,
  },
);

async function happen(mishap: (typeof mishaps)[number], which: number, dists: readonly string[]) {
  if (mishap === 'thread killed') return killThreads();
  for (const dist of dists) {
    const all = Object.keys(readTree(dist)).filter((name) => !name.endsWith('/'));
    const name = path.join(dist, all[which % all.length] ?? '');
    if (mishap === 'file edited') appendFileSync(name, '\n');
    if (mishap === 'file removed') rmSync(name);
  }
}

describe('a run that remembers the one before', () => {
  it('leaves the same dist and says the same as one that does not, whatever was edited', {
    timeout: 600_000,
  }, async () => {
    const seen = { proven: 0, wrong: 0 };
    const property = fc.asyncProperty(
      steps,
      fc.integer({ min: 4, max: 16 }),
      fc.constantFrom<MemoryOptions>(
        { tenantsInPart: 3, tenantsWorthThread: 1 },
        { tenantsInPart: 3 },
        { tenantsInPart: 2 },
        { tenantsInPart: 3, mostFiles: 24 },
      ),
      fc.constantFrom(undefined, undefined, { index: 1, count: 2 }),
      (all, services, memoryOptions, shard) =>
        inFolder(async (folder) => {
          const memory = new Memory(memoryOptions);
          const [file, dist, other] = ['services.yaml', 'one', 'two'].map((name) => path.join(folder, name));
          const input = inputOf(services);
          const run = async (pipeline: Pipeline, into = '') => {
            const flags = { services: file ?? '', dist: into, format: 'text', color: false } as const;
            const { sources, ...said } = await writeInput(pipeline, { ...flags, ...(shard && { shard }) });
            return JSON.parse(JSON.stringify({ ...said, sources: [...sources] }).replaceAll(into, 'dist'));
          };
          const runBoth = async () => {
            writeFileSync(file ?? '', inputText(input));
            const said = await run(remembering(memory), dist);
            expect(said).toEqual(await run(fresh, other));
            expect(readTree(dist ?? '')).toEqual(readTree(other ?? ''));
            seen[said.done === '' ? 'wrong' : 'proven'] += 1;
          };
          try {
            await runBoth();
            for (const { edit, mishap, which } of all) {
              edit.edit(input, edit.which);
              await happen(mishap, which, [dist ?? '', other ?? '']);
              await runBoth();
            }
          } finally {
            memory.end();
          }
        }),
    );
    const { numRuns, seed } = runs(15);
    await fc.assert(property, { numRuns, seed });
    expect(seen.proven).toBeGreaterThan(numRuns);
    expect(seen.wrong).toBeGreaterThan(numRuns / 4);
  });

  const names = Array.from({ length: 60 }, (_, index) => `s${index}`);

  /** Compiles inputs one after the other. What each handed on that is not the very same as before, and what its thread read. */
  async function compiled(inputs: readonly string[], options: MemoryOptions) {
    const memory = new Memory({ tenantsInPart: 5, tenantsWorthThread: 1, ...options });
    const before = new Set<readonly DistFile[]>();
    const made: (readonly DistFile[])[][] = [];
    const read: (readonly DistFile[])[][] = [];
    await inFolder(async (folder) => {
      const file = path.join(folder, 'services.yaml');
      for (const text of inputs) {
        writeFileSync(file, text);
        tasks.length = 0;
        const parts: (readonly DistFile[])[] = [];
        const { compile } = remembering(memory);
        const { proof } = compile(
          loadInput(file),
          () => undefined,
          (files) => parts.push(files),
        );
        expect((await proof)?.counts.tenants).toBe(text.match(/- \{ name/g)?.length);
        made.push(parts.filter((part) => !before.has(part)));
        read.push(tasks.filter((task) => typeof task === 'object'));
        for (const part of parts) before.add(part);
      }
    });
    memory.end();
    return { made, read };
  }

  const yaml = servicesYaml(names);
  const edited = yaml.replace('s30/db', 's30/other');

  it('makes and reads one part of the services and one of their secrets after an edit of one', async () => {
    const { made, read } = await compiled([yaml, edited, edited], {});
    const [first, second, third] = made;
    expect(first?.length).toBeGreaterThan(15);
    const [platform, ...parts] = second ?? [];
    expect(platform?.map(({ path: file }) => fileKind(file)?.kind)).toContain('platform');
    expect(parts.map((part) => part.some(({ path: file }) => /\bs30\./.test(file)))).toEqual([true, true]);
    expect(third).toEqual([platform]);
    expect(read).toEqual(made);
    expect(threads.size).toBe(1);
  });

  it.each([
    ['added', [...names, 's300']],
    ['removed', names.filter((name) => name !== 's30')],
    ['renamed', names.map((name) => (name === 's30' ? 's59a' : name))],
  ])('makes few parts when a service was %s', async (_, changedNames) => {
    const { made, read } = await compiled([yaml, servicesYaml(changedNames)], {});
    expect(made[1]?.length).toBeGreaterThan(2);
    // Where it stood, where it stands, a cut more or less at each, and the platform.
    expect(made[1]?.length).toBeLessThanOrEqual(1 + 2 * 3);
    expect(read).toEqual(made);
  });

  it('of a fleet that is too large, remembers nothing', async () => {
    const { made } = await compiled([yaml, yaml], { mostFiles: 119 });
    expect(made[1]).toHaveLength(made[0]?.length ?? 0);
    expect((await compiled([yaml, yaml], { mostFiles: 120 })).made[1]).toHaveLength(1);
  });

  it.each([
    ['remembers', [yaml, ''], true],
    ['forgets', [yaml, '', edited], false],
  ])('%s an item of the input', async (_, texts, isRemembered) => {
    const memory = new Memory();
    const pipeline = remembering(memory);
    const nothing = () => undefined;
    await inFolder(async (folder) => {
      const file = path.join(folder, 'services.yaml');
      for (const text of texts) {
        writeFileSync(file, text);
        const input = pipeline.read(file);
        if (input.spec !== undefined) await pipeline.compile(input, nothing, nothing).proof;
      }
    });
    const [item] = /^ .*s30\/db.*\n/m.exec(yaml) ?? [];
    const read: string[] = [];
    memory.input.items.document(`services:\n${item}`, (part) => {
      read.push(part);
      return [part === item ? [part] : { services: null }];
    });
    expect(read).toEqual(isRemembered ? ['services:\n'] : ['services:\n', item]);
    memory.end();
  });

  it('forgets what the latest run did not have', async () => {
    const { made } = await compiled([yaml, edited, yaml], {});
    expect(made[2]).toHaveLength(made[1]?.length ?? 0);
  });

  it('goes on with another thread when its own has died, which reads all anew', async () => {
    const memory = new Memory({ tenantsWorthThread: 1 });
    const files = filesOf(treeOf('twoServices'));
    const prove = () => {
      const prover = memory.prover(2, files.platform);
      for (const part of [files.platform, ...files.parts]) prover.add(part);
      return prover.prove();
    };
    const proof = await prove();
    expect(proof?.counts.tenants).toBe(2);
    await killThreads();
    expect(await prove()).toEqual(proof);
    expect(threads.size).toBe(2);
    const [, other] = threads;
    const ended = once(other as Worker, 'exit');
    memory.end();
    await ended;
  });
});

/** The platform of a tree, and each other file as a part of its own. */
function filesOf(tree: Tree) {
  const files = [...tree].map(([file, text]) => ({ path: file, text }));
  const isRead = ({ path: file }: DistFile) => ['tenant', 'secrets'].includes(fileKind(file)?.kind ?? '');
  return {
    platform: files.filter((file) => !isRead(file)),
    parts: files.filter(isRead).map((file) => [file]),
  };
}

/** Attacks on one tree: of each group one on a file of services or secrets, and two on platforms. */
const onTree = groups.map(({ attacks: all }) => all.filter(({ tree }) => tree === 'platform'));
const on = (all: (typeof onTree)[number], ...kinds: readonly string[]) =>
  all.filter(({ finds }) => kinds.includes(fileKind(finds.file)?.kind ?? ''));
const attacks = [
  ...onTree.flatMap((all) => on(all, 'tenant', 'secrets').slice(0, 1)),
  ...on(onTree.flat(), 'platform').slice(0, 2),
];

it('a thread that stays sees an attack, wherever it is, and that it is over', async () => {
  const memory = new Memory({ tenantsWorthThread: 1 });
  const whole = treeOf('platform');
  const known = new Map<string, readonly DistFile[]>();
  const platforms: string[] = [];
  const prove = (tree: Tree) => {
    const { platform, parts } = filesOf(tree);
    platforms.push(JSON.stringify(platform));
    const prover = memory.prover(2, platform);
    prover.add(platform);
    for (const part of parts) {
      const key = JSON.stringify(part);
      known.set(key, known.get(key) ?? part);
      prover.add(known.get(key) ?? part);
    }
    return prover.prove();
  };
  const expected = unlessErrors(proveDist([...whole].map(([file, text]) => ({ path: file, text }))));
  expect(await prove(whole)).toEqual(expected);
  for (const { name, change } of attacks) {
    expect(await prove(changed(whole, change)), name).toBeUndefined();
    expect(await prove(whole), `after ${name}`).toEqual(expected);
  }
  const [attack] = attacks.filter(({ change }) => {
    const platformOf = (tree: Tree) => JSON.stringify(filesOf(tree).platform);
    return platformOf(changed(whole, change)) === platformOf(whole);
  });
  const threadsBefore = threads.size;
  expect(threadsBefore).toBe(platforms.filter((text, index) => text !== platforms[index - 1]).length);
  expect(threadsBefore).toBeLessThan(platforms.length);
  const abandoned = prove(changed(whole, attack?.change ?? []));
  expect(await prove(whole), 'after a proof that nobody waits for').toEqual(expected);
  await expect(abandoned).rejects.toThrow('a thread ended before its work was done');
  expect(threads.size).toBe(threadsBefore + 1);
  memory.end();
  expect(attacks.length).toBeGreaterThan(3);
});
