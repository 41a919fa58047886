import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Spec } from '../../src/input/schema.ts';
import { distOf, spec } from './inputs.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The first block of YAML that is about gitops. */
function block(text: string): Spec['gitops'] {
  const found = /```yaml\n(gitops:\n[\s\S]*?)```/.exec(text)?.[1] ?? '';
  return (load(found) as Pick<Spec, 'gitops'>).gitops;
}

const clusters = { 'prod-usw2': { region: 'us-west-2' } };
const services = [{ name: 'payments', clusters: ['prod-usw2'], secrets: ['payments/db'] }];

describe.each(['gitops.md', 'services.md'])('docs/%s', (name) => {
  it('has an example that compiles', () => {
    expect([...distOf(spec(block(read(name)), { clusters, services })).keys()]).toContain(
      'gitops/argocd/services.yaml',
    );
  });
});

it('docs/gitops.md lists each file that there is', () => {
  const dist = distOf(spec(block(read('gitops.md')), { clusters, services }));
  const written = [...dist.keys()].filter((file) => file.startsWith('gitops/'));
  const listed = read('gitops.md').match(/^gitops\/\S+/gm) ?? [];
  expect(listed.map((file) => file.replace('<cluster>', 'prod-usw2')).sort()).toEqual(written.sort());
});
