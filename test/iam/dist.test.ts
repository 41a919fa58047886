import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planDist } from '../support/dist.ts';
import { inFolder, writeFiles } from '../support/run.ts';

const ours = [
  'aws/111111111111/cloudformation.json',
  'aws/111111111111/terraform.tf.json',
  'aws/111111111111/tag-guard.json',
  'aws/111111111111/roles/eso/policy.json',
  'aws/111111111111/roles/eso/trust.json',
  'aws/111111111111/eksctl/prod.json',
  'aws/111111111111/pod-identity/prod.json',
  'aws/111111111111/secrets/us-west-2/payments.json',
];

const foreign = [
  'aws/README.md',
  'aws/111111111111/main.tf',
  'aws/111111111111/.terraform.lock.hcl',
  'aws/1111/cloudformation.json',
  'aws/111111111111/roles/eso/other.json',
  'aws/111111111111/roles/eso/deeper/policy.json',
  'aws/111111111111/secrets/payments.json',
];

/** A plan for a folder that holds some files, for an input that yields none. */
function planFor(files: readonly string[]) {
  return inFolder(async (folder) => {
    writeFiles(folder, Object.fromEntries(files.map((file) => [file, '{}\n'])));
    return planDist(folder, []);
  });
}

describe('files without a header', () => {
  it('are ours at the paths that only this tool writes, and go when the input does not yield them', async () => {
    const plan = await planFor(ours);
    expect(plan.removals).toEqual([...ours].sort());
    expect(plan.obstacles).toEqual([]);
  });

  it.each(foreign)('stand in the way at any other path: %s', async (file) => {
    const plan = await planFor([file]);
    expect(plan.removals).toEqual([]);
    expect(plan.obstacles.map(({ rule }) => rule)).toEqual(['dist-foreign']);
  });

  it('are replaced where they differ', async () => {
    await inFolder(async (folder) => {
      const [file = ''] = ours;
      writeFiles(folder, { [file]: 'by hand\n' });
      mkdirSync(path.join(folder, 'other'));
      const plan = planDist(folder, [{ path: file, text: '{}\n' }]);
      expect(plan.writes).toEqual([{ path: file, text: '{}\n', before: 'by hand\n' }]);
    });
  });
});
