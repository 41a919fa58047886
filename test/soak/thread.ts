import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { type AnyKind, runCase } from './kind.ts';
import { end, mostMemory, type Range, slots, type ThreadMessage, type ThreadTask } from './runner.ts';

// What runs in a thread of its own: it gets numbers of cases, runs them, and says how many were done and which failed.

const { module, kind: name, seed, state } = workerData as ThreadTask;
const say = (message: ThreadMessage) => parentPort?.postMessage(message);

const { kinds } = (await import(module)) as { kinds: readonly AnyKind[] };
const kind = kinds.find((one) => one.name === name);
if (kind === undefined) throw new Error(`there is no kind ${name}`);

parentPort?.on('message', (message: Range | typeof end) => {
  // Then nothing holds the thread any more, and it puts away what it wrote.
  if (message === end) return parentPort?.close();
  const { from, to } = message;
  for (let number = from; number < to; number++) {
    state[slots.number] = number;
    state[slots.isShrinking] = 0;
    state[slots.began] = Date.now();
    const failure = runCase(kind, seed, number, () => {
      state[slots.isShrinking] = 1;
      return true;
    });
    if (failure !== undefined) say({ failure });
  }
  say({ done: to - from, isFull: isFull() });
});
say({ done: 0, isFull: false });

/** What commands keep until they end adds up when a thread goes on for hours. */
function isFull(): boolean {
  return getHeapStatistics().used_heap_size > (mostMemory / 2) * 1024 ** 2;
}
