import fc from 'fast-check';
import type { AnyKind, Kind } from './kind.ts';

const show = (number: number) => ({ 'number.txt': String(number) });
const made = fc.noBias(fc.nat(999));

const fails: Kind<number> = {
  name: 'fails',
  all: 1000,
  patience: 60,
  made,
  check: (number) => {
    if (number > 800) throw new Error(`${number} is too much`);
  },
  show,
};

const hangs: Kind<number> = {
  name: 'hangs',
  all: 1000,
  patience: 1,
  made,
  check: (number) => {
    while (number > 800);
  },
  show,
};

const breaks: Kind<number> = {
  name: 'breaks',
  all: 1000,
  patience: 60,
  made,
  check: (number) => {
    if (number > 800) process.exit(3);
  },
  show,
};

/** Kinds that go wrong in each way in which a case can: for a fifth of all numbers. */
export const kinds: readonly AnyKind[] = [fails, hangs, breaks];
