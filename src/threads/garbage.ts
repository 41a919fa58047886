import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A smaller heap is left to V8, in bytes. */
const leastWorth = 250_000_000;
/** How many times what was in use after the last time. */
const usualGrowth = 1.3;

let collect: (() => void) | undefined;
let inUse = 0;

/**
 * Collects garbage in the heap of this thread when there may be much of it. V8 lets a heap grow to twice what is in use
 * and more, as long as the machine has memory.
 *
 * @param growth the heap may be so many times what was in use after the last time
 */
export function collectGarbage(growth: number = usualGrowth): void {
  if (getHeapStatistics().used_heap_size < Math.max(leastWorth, inUse * growth)) return;
  collect ??= collector();
  collect?.();
  inUse = getHeapStatistics().used_heap_size;
}

/**
 * What collects garbage: V8 has it only where a flag asks for it, which stays for no longer than that, as it would be part
 * of what code was compiled for.
 *
 * @returns undefined when another thread, which shares the flags, has just taken it away again
 */
function collector(): (() => void) | undefined {
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('globalThis.gc') as (() => void) | undefined;
  setFlagsFromString('--no-expose-gc');
  return found;
}
