import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command, servicesYaml } from '../support/command.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const threadDies = ['-r', fileURLToPath(new URL('../support/thread-dies.cjs', import.meta.url))];

/** So many services that a thread is worth it. */
const services = servicesYaml(Array.from({ length: 1100 }, (_, index) => `s${index}`));

describe.concurrent('a thread that dies', () => {
  it.each([
    ['at the start', 'nothing was proven: a thread failed: at the start'],
    ['by an error', 'nothing was proven: a thread failed: in the�midst of it'],
    ['by an error once dist is staged', 'nothing was proven: a thread failed: late'],
    ['without a word', 'nothing was proven: a thread ended before its work was done'],
    [
      'for want of memory',
      'nothing was proven: the memory that Node.js may use is full; NODE_OPTIONS=--max-old-space-size=<megabytes> gives it more',
    ],
  ])('%s ends the run with one line and 2, and dist is as it was', (how, why) =>
    inFolder(async (folder) => {
      writeFiles(folder, { 'services.yaml': services, 'dist/notes.txt': 'by hand' });
      const before = readTree(folder);
      const node = [...threadDies, '--max-old-space-size=250'];
      const { code, stdout, stderr } = await command(folder, [], { env: { THREAD_DIES: how }, node });
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: ${why}\n`,
      });
      expect(readTree(folder)).toEqual(before);
    }),
  );
});
