import fc from 'fast-check';
import type { AnyKind, Kind } from './kind.ts';
import { inputFile } from './kinds/file.ts';

/** @param patience seconds for a case */
function kind(name: string, patience: number, check: (number: number) => void): Kind<number> {
  const made = fc.noBias(fc.nat(999));
  return { name, all: 1000, patience, made, check, show: (number) => ({ 'number.txt': String(number) }) };
}

const fails = kind('fails', 60, (number) => {
  if (number > 800) throw new Error(`${number} is too much`);
});

const hangs = kind('hangs', 1, (number) => {
  while (number > 800);
});

const breaks = kind('breaks', 60, (number) => {
  if (number > 800) process.exit(3);
});

const kept: number[][] = [];

/** Nothing is wrong with a case by itself, but each keeps some 50 megabytes. */
const keeps = kind('keeps', 60, (number) => {
  kept.push(new Array<number>(6_000_000).fill(number + 0.5));
});

/** Nothing is wrong with it at all. */
const writes = kind('writes', 60, (number) => {
  inputFile(String(number));
});

/** Kinds that go wrong in each way in which a case can, for a fifth of all numbers, and others that leave something. */
export const kinds: readonly AnyKind[] = [fails, hangs, breaks, keeps, writes];
