import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { collectGarbage } from '../../src/threads/garbage.ts';

const heap = () => process.memoryUsage().heapUsed;

/** What takes some 300 MB, and lives as long as whoever gets it. */
function much(): unknown[] {
  return Array.from({ length: 5_000_000 }, (_, index) => ({ index }));
}

it('what nobody holds any more is collected once the heap has grown by a third, and at once where that is asked for', () => {
  let held: unknown[][] = [much()];
  collectGarbage();
  const before = heap();
  held.push(much(), much());
  const grown = heap();
  expect(grown).toBeGreaterThan(before * 1.5);
  held = held.slice(0, 2);
  collectGarbage();
  expect(heap()).toBeLessThan(grown - 150_000_000);
  const now = heap();
  held = held.slice(0, 1);
  collectGarbage();
  expect(heap()).toBeGreaterThan(now - 50_000_000);
  collectGarbage(1);
  expect(heap()).toBeLessThan(now - 150_000_000);
  expect(held.length).toBe(1);
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
