import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { AnyKind } from './kind.ts';
import { type Job, runJob } from './runner.ts';

const out = path.join(tmpdir(), 'eso-abac-soak');
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    share: { type: 'string', default: '1/1' },
    only: { type: 'string' },
    cases: { type: 'string' },
    case: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    out: { type: 'string', default: out },
    // The tests of the soak itself bring kinds that break.
    kinds: { type: 'string', default: new URL('./kinds/index.ts', import.meta.url).href },
    help: { type: 'boolean', default: false },
  },
});

const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const [parts, whole] = values.share.split('/').map(Number);
const share = (parts ?? Number.NaN) / (whole ?? Number.NaN);
const { kinds } = (await import(values.kinds)) as { kinds: readonly AnyKind[] };
const chosen = kinds.filter(({ name }) => values.only === undefined || name === values.only);
const usage = `npm run soak -- [options]

  --seed N        what all cases are made from; default: a new one, which is printed
  --share 1/N     the Nth part of all cases of each kind; default: all
  --cases N       so many cases of each kind
  --only KIND     ${kinds.map(({ name }) => name).join(', ')}
  --case N        this one case alone, with --only
  --threads N     default: one for each core
  --out FOLDER    where failing inputs are written; default: ${out}
`;
const isWrong =
  !Number.isInteger(seed) ||
  !(share > 0) ||
  chosen.length === 0 ||
  (values.case !== undefined && !values.only);
if (values.help || isWrong) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 2);
}

function jobOf({ name, all, patience }: AnyKind): Job {
  if (values.case !== undefined)
    return { kind: name, from: Number(values.case), to: Number(values.case) + 1, patience };
  return { kind: name, from: 0, to: Number(values.cases ?? Math.ceil(all * share)), patience };
}

process.stdout.write(`seed ${seed}\n`);
let isBroken = false;
let said = Date.now();
for (const job of chosen.map(jobOf)) {
  const began = Date.now();
  let failed = 0;
  const line = (done: number) => {
    const seconds = (Date.now() - began) / 1000;
    const rate = (done / seconds).toPrecision(3);
    return `${job.kind}: ${done} of ${job.to - job.from}, ${rate} a second, ${failed} failed`;
  };
  await runJob(job, {
    module: values.kinds,
    seed,
    threads: Math.min(Number(values.threads), job.to - job.from),
    out: values.out,
    onProgress: (done) => {
      const pause = process.stderr.isTTY ? 500 : 30_000;
      if (Date.now() - said < pause) return;
      said = Date.now();
      process.stderr.write(process.stderr.isTTY ? `\r${line(done)}\u001b[K` : `${line(done)}\n`);
    },
    onFailure: ({ kind, number, message }, folder) => {
      failed += 1;
      isBroken = true;
      const replay = `npm run soak -- --seed ${seed} --only ${kind} --case ${number}`;
      process.stderr.write(
        `\n${kind} ${number} failed: ${message}\n  written to ${folder}\n  again: ${replay}\n`,
      );
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stdout.write(`${line(job.to - job.from)}\n`);
}
process.exitCode = isBroken ? 1 : 0;
