import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMain } from '../support/run.ts';

const file = path.resolve('docs/explain.md');
const blocks = [...readFileSync(file, 'utf8').matchAll(/```console\n\$ eso-abac (.*)\n([\s\S]*?)```/g)];

describe('docs/explain.md', () => {
  it.each(blocks.map(([all, command = '', output = '']) => [command, output, all] as const))(
    '%s',
    async (command, output, all) => {
      const ended = await runMain(command.split(' '), { cwd: path.resolve('examples/platform') });
      expect([ended.code, ended.stderr]).toEqual([0, '']);
      if (process.env.UPDATE === '1') {
        const filled = all.replace(/\n[\s\S]*$/, () => `\n$ eso-abac ${command}\n${ended.stdout}\`\`\``);
        writeFileSync(
          file,
          readFileSync(file, 'utf8').replace(all, () => filled),
        );
      } else expect(ended.stdout).toBe(output);
    },
  );
});
