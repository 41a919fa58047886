import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { type Told, told, whole, withObject } from './found.ts';
import { binding, guardOf, namespace, policy } from './platform.ts';

const enforced = 'pod-security.kubernetes.io/enforce';
const open = ["pods with privileges may run in the operator's namespace", `${enforced}: restricted`];
const labelled = ["the operator's namespace is labelled as that of a service", 'no label of an identity'];

const namespaces: readonly (readonly [what: string, labels: Mapping, ...told: Told[]])[] = [
  ['pods with privileges', { [enforced]: 'baseline' }, [...open, 'labels:']],
  [
    'a label of a service',
    { [enforced]: 'restricted', 'eso-abac/service': 'a' },
    [...labelled, 'eso-abac/service: a'],
  ],
  [
    'a shared identity',
    { [enforced]: 'restricted', 'shared.eso-abac/a': 'true' },
    [...labelled, "shared.eso-abac/a: 'true'"],
  ],
];

describe("the operator's Namespace", () => {
  it.each(namespaces)('%s', (_, labels, ...expected: unknown[]) => {
    const found = told(withObject(namespace({ labels })));
    expect(found).toEqual(expected.map((one) => ['proof-guard', ...(one as Told)]));
  });

  it('labels of others', () => {
    const labels = { [enforced]: 'restricted', 'another-eso-abac/a': 'b', team: 'eso-abac' };
    expect(told(withObject(namespace({ labels }))).map(([rule, message]) => [rule, message])).toEqual([
      ['proof-document', '"another-eso-abac/a" is something that the proof knows nothing about'],
      ['proof-document', '"team" is something that the proof knows nothing about'],
    ]);
  });

  it('is one', () => {
    const other = namespace({ name: 'another' });
    expect(told([...whole, other])).toEqual([
      ['proof-document', 'a second Namespace', "the operator's alone", 'kind: Namespace'],
    ]);
    expect(guardOf(...whole, other).operatorNamespace).toBe('external-secrets');
  });

  const off = namespace({
    annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false', 'eso-abac/guard': 'false' },
  });

  it('says that there is no guard', () => {
    const guard = guardOf(off);
    expect(guard).toMatchObject({
      operatorNamespace: 'external-secrets',
      isOff: true,
      policies: [],
      findings: [],
      place: { file: 'clusters/prod/platform/all.yaml', document: 0 },
    });
    expect(guardOf(namespace({ annotations: { 'eso-abac/guard': 'true' } })).isOff).toBe(false);
    expect(guardOf(namespace()).isOff).toBe(false);
  });

  it('does not say so beside policies', () => {
    expect(told(withObject(off))).toEqual([
      [
        'proof-guard',
        'the cluster says that it has no guard, and has one',
        'policies without this annotation',
        "eso-abac/guard: 'false'",
      ],
    ]);
    expect(guardOf(...withObject(off)).isOff).toBe(false);
  });

  it('is not there', () => {
    expect(guardOf(policy(), binding())).toMatchObject({
      operatorNamespace: '',
      isOff: false,
      place: { file: 'clusters/prod/platform/namespace.yaml', document: 0 },
    });
  });
});
