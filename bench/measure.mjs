import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('measure.py', import.meta.url));

/**
 * Runs a program once, from its start to its end.
 *
 * @param command program and arguments
 * @param options `output`: file for what it prints; `cwd`: where it runs
 * @returns wall-clock `seconds`, `cpuSeconds` of all its threads, `megabytes` of memory at its peak
 * @throws when it fails
 */
export function measure(command, { output = '/dev/null', cwd } = {}) {
  const report = execFileSync('python3', [script, output, ...command], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { status, ...measured } = JSON.parse(report);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
  return measured;
}

/**
 * Runs several programs in turns, so that what else the machine does falls on all of them alike.
 *
 * @param programs name → `runs`, how many, and `run`, which measures one
 * @returns name → `seconds`, `cpuSeconds` and `megabytes`: the medians; `from` and `to`: the shortest and longest time
 */
export function inTurns(programs) {
  const results = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  const rounds = Math.max(...Object.values(programs).map(({ runs }) => runs));
  for (let round = 0; round < rounds; round++) {
    for (const [name, { runs, run }] of Object.entries(programs)) {
      if (round < runs) results[name].push(run(round));
    }
  }
  return Object.fromEntries(Object.entries(results).map(([name, all]) => [name, summary(all)]));
}

function summary(all) {
  const sorted = (field) => all.map((one) => one[field]).sort((a, b) => a - b);
  const median = (field) => {
    const values = sorted(field);
    const middle = values.length >> 1;
    return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  };
  return {
    seconds: median('seconds'),
    from: sorted('seconds')[0],
    to: sorted('seconds').at(-1),
    cpuSeconds: median('cpuSeconds'),
    megabytes: median('megabytes'),
    runs: all.length,
  };
}
