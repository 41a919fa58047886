import { describe, expect, it } from 'vitest';
import { logicalId, terraformName } from '../../src/iam/names.ts';

const names = ['a-b', 'a_b', 'A-b', 'a/b', 'ab', '/a-b', 'a-b/', 'é', '1', '-', '', 'eso+x', 'a'.repeat(512)];

describe('a name inside a template', () => {
  it('for CloudFormation: letters and digits, at most 255, and each its own', () => {
    const ids = names.map(logicalId);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{1,255}$/);
    expect(new Set(ids).size).toBe(names.length);
    expect(logicalId('payments/api-key')).toMatch(/^PaymentsApiKey[0-9A-F]{8}$/);
  });

  it('for Terraform: a letter or "_", then letters, digits, "_" and "-", and each its own', () => {
    const ids = names.map(terraformName);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z_][\w-]*$/);
    expect(new Set(ids).size).toBe(names.length);
    expect(terraformName('eso-controller_1')).toBe('eso-controller_1');
  });
});
