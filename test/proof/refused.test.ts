import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { ProofInParts } from '../../src/proof/prove/in-parts.ts';
import { proveDist } from '../../src/proof/prove/prove.ts';
import { createValidator, generatedCrds } from '../../src/validate/index.ts';
import { type Tree, treeOf } from './attacks/tree.ts';

const path = 'clusters/us-west-2/services/service1.yaml';
const tree = treeOf('twoServices');
const objects = loadAll(tree.get(path) ?? '') as KubernetesObject[];
const { check } = createValidator(generatedCrds);

/** None of them is right everywhere. */
const values = [1, null, '', 'Not a name', [], {}];

type Steps = readonly (string | number)[];

function pathsIn(value: unknown, at: Steps = []): Steps[] {
  if (typeof value !== 'object' || value === null) return [at];
  const steps = Object.entries(value).map(([key, inner]) =>
    pathsIn(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return [...(at.length > 0 ? [at] : []), ...steps.flat()];
}

function withValue(of: unknown, [step, ...rest]: Steps, value: unknown): unknown {
  if (step === undefined) return value;
  const copy = (Array.isArray(of) ? [...of] : { ...(of as object) }) as Record<string | number, unknown>;
  copy[step] = withValue(copy[step], rest, value);
  return copy;
}

/** JSON is YAML, and of no plain form. */
function textOf(all: readonly unknown[]): string {
  return all.map((one) => `---\n${JSON.stringify(one)}\n`).join('');
}

function sourcesOf(all: Tree) {
  return [...all].map(([file, text]) => ({ path: file, text }));
}

describe('what the API server refuses is proven in no place of', () => {
  it.each(objects.map((object, index) => ({ kind: object.kind, object, index })))(
    'the $kind',
    ({ object, index }) => {
      const changed = pathsIn(object).flatMap((at) => values.map((value) => ({ at, value })));
      const refused = changed.filter(({ at, value }) => {
        const one = withValue(object, at, value) as KubernetesObject;
        return check({ object: one, file: path }).some(({ severity }) => severity === 'error');
      });
      expect(refused.length).toBeGreaterThan(changed.length / 4);
      const proven = refused.filter(({ at, value }) => {
        const text = textOf(objects.with(index, withValue(object, at, value) as KubernetesObject));
        return proveDist(sourcesOf(new Map([...tree, [path, text]]))).findings.length === 0;
      });
      expect(proven).toEqual([]);
    },
  );
});

it('objects that were validated are not so again, unless their text is of another form', () => {
  const platform = sourcesOf(tree).filter((source) => source.path !== path);
  const proofOf = (text: string) => {
    const proof = new ProofInParts(platform);
    proof.add([{ path, text }]);
    return proof.prove();
  };
  const text = tree.get(path) ?? '';
  expect(text).toContain('refreshInterval: 1h');
  expect(proofOf(text.replace('refreshInterval: 1h', 'refreshInterval: never'))?.findings).toEqual([]);
  expect(proofOf(text.replace('refreshInterval: 1h', 'refreshInterval: 60'))).toBeUndefined();
});
