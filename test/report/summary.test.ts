import { expect, it } from 'vitest';
import { runInProcess } from '../support/documents.ts';

it.each(['.', 'examples/platform'])('a clean check of %s is the same few lines', async (folder) => {
  const args = ['check', '-f', `${folder}/services.yaml`, '-o', `${folder}/dist`];
  const { code, stdout, stderr } = await runInProcess(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const labels = stdout.split('\n').map((line) => line.split(/ {2,}/)[0]);
  expect(labels).toEqual([args.at(-1), 'compiled', 'validated', 'proven', '']);
});
