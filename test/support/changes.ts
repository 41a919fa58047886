import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const names = [
  'mkdirSync',
  'mkdtempSync',
  'writeFileSync',
  'linkSync',
  'copyFileSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
] as const;

/** A call by which this process is about to change something. Numbers begin with 1. */
export interface Change {
  readonly name: (typeof names)[number];
  readonly args: readonly unknown[];
  readonly number: number;
}

/**
 * Calls `before` ahead of every call by which this process changes something in a folder; what it throws, the call throws.
 *
 * @returns what ends that
 */
export function onChanges(folder: string, before: (change: Change) => void): () => void {
  const originals = Object.fromEntries(names.map((name) => [name, fs[name]] as const));
  let number = 0;
  for (const name of names) {
    const original = fs[name];
    const watched = (...args: unknown[]) => {
      if (path.resolve(String(args[0])).startsWith(folder)) before({ name, args, number: ++number });
      return Reflect.apply(original, fs, args);
    };
    Object.assign(fs, { [name]: watched });
  }
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, originals);
    syncBuiltinESMExports();
  };
}
