import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Replaced = Partial<
  Pick<typeof fs, 'fstatSync' | 'openSync' | 'readdirSync' | 'readFileSync' | 'readSync'>
>;

/** Calls `use` while functions of the file system are replaced. */
export function withFileSystem<Result>(replaced: Replaced, use: () => Result): Result {
  const originals = Object.fromEntries(Object.keys(replaced).map((name) => [name, fs[name as 'openSync']]));
  Object.assign(fs, replaced);
  syncBuiltinESMExports();
  try {
    return use();
  } finally {
    Object.assign(fs, originals);
    syncBuiltinESMExports();
  }
}

/** An error as the file system throws it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: as the system says`), { code });
}
