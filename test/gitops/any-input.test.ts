import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Spec } from '../../src/input/schema.ts';
import { validSpec } from '../support/arbitrary.ts';
import { runs } from '../support/run-compile.ts';
import { applicationsOf } from './application-sets.ts';
import { committed, distOf, named, objectsBelow } from './inputs.ts';
import { refusal } from './upstream.ts';

const gitops: fc.Arbitrary<Spec['gitops']> = fc.record({
  repository: fc.constantFrom('https://git.example.com/0x1/1e3.git', 'git@git.example.com:no/yes.git'),
  revision: fc.constantFrom('main', '1.10', '2026-11-25', 'yes', '0123456789abcdef0123456789abcdef01234567'),
  path: fc.constantFrom('.', '1e3', 'no/dist'),
  argocd: fc.record({ applicationFor: fc.constantFrom('cluster' as const, 'service' as const) }),
  flux: fc.constant({ secretRef: 'on' }),
});

it('upstream takes what any input yields, and each service is applied by one Application', () => {
  fc.assert(
    fc.property(validSpec, gitops, (input, block) => {
      const dist = distOf({ ...input, gitops: block });
      const objects = objectsBelow(dist, 'gitops/');
      expect(objects.filter((one) => refusal(one) !== undefined)).toEqual([]);

      const set = named(objects, 'ApplicationSet', 'eso-abac-services');
      const made = applicationsOf(set, committed(dist, block?.path));
      const files = [...dist.keys()].filter((file) => /^clusters\/[^/]+\/services\//.test(file));
      const clusters = new Set([...dist.keys()].map((file) => /^operator\/([^/]+)\//.exec(file)?.[1]));
      clusters.delete(undefined);
      const expected = block?.argocd?.applicationFor === 'service' ? files.length : clusters.size;
      expect(new Set(made.map(({ metadata }) => metadata.name)).size).toBe(expected);
    }),
    runs(60),
  );
});
