// Edits the input of a watch, and says how long that takes, in the median, from the save until the run has reported.
//
//   node bench/watch.mjs services.yaml dist edits
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Of Linux: 100 ticks a second on every machine. */
const ticks = 100;

const [input, dist, edits] = process.argv.slice(2);
const original = readFileSync(input, 'utf8');
const command = fileURLToPath(new URL('../scripts/start/run.cjs', import.meta.url));
const watch = spawn(process.execPath, [command, '--watch', '-f', input, '-o', dist]);
const [reports, others] = [watch.stdout, watch.stderr].map(linesOf);

await said(reports, /^proven /);
await said(others, /^watching /);
const before = cpuSeconds();
const all = [];
for (let edit = 0; edit < Number(edits); edit++) {
  // Nobody saves twice in a moment.
  await setTimeout(500);
  const start = performance.now();
  writeFileSync(input, original.replace('service-7/other', `service-7/edit-${edit}`));
  await said(reports, /^proven /);
  all.push((performance.now() - start) / 1000);
}
const cpu = (cpuSeconds() - before) / all.length;
// What comes after it finds the dist of the input as it was.
writeFileSync(input, original);
await said(reports, /^proven /);
const [seconds] = all.sort((a, b) => a - b).slice(all.length >> 1);
const megabytes =
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${watch.pid}/status`, 'utf8'))?.[1]) / 1024;
console.log(JSON.stringify({ seconds, cpuSeconds: cpu, megabytes }));
watch.kill('SIGINT');

function linesOf(input) {
  return createInterface({ input })[Symbol.asyncIterator]();
}

/** Waits until a line matches. */
async function said(lines, what) {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error('the watch has ended');
    if (/\berror\b/.test(value)) throw new Error(value);
    if (what.test(value)) return;
  }
}

/** Of all its threads. */
function cpuSeconds() {
  const fields = readFileSync(`/proc/${watch.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
