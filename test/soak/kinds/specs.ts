import fc from 'fast-check';
import type { Spec } from '../../../src/input/schema.ts';
import { smallSpec, validSpec } from '../../support/arbitrary.ts';

const deployers = fc.subarray([
  'argocd/argocd-application-controller',
  { group: 'platform-team' },
  { user: 'arn:aws:iam::123456789012:user/ann' },
]);
const gitops = fc.record(
  {
    revision: fc.constantFrom('main', 'refs/tags/v1'),
    path: fc.constantFrom('dist', 'a/b'),
    argocd: fc.constantFrom({}, { applicationFor: 'service' as const }),
    flux: fc.constant({}),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const more = fc.record({
  deployers: fc.option(deployers, { nil: undefined }),
  gitops: fc.option(gitops, { nil: undefined, freq: 2 }),
  roleChain: fc.constantFrom(undefined, undefined, ['hop'], ['hop', '/other/door']),
});

// Each thing that an input may hold shows in a small fleet too, and several clusters are proven one by one.
const plain = fc.oneof({ weight: 4, arbitrary: smallSpec }, { weight: 1, arbitrary: validSpec });

/** Valid inputs as property tests have them, most of them small, with deployers, a chain of roles, and objects of Argo CD and Flux as well. */
export const anySpec: fc.Arbitrary<Spec> = fc.tuple(plain, more).map(([spec, added]) => {
  // A chain is of one partition, and its roles must not be those of single clusters with tags of their own.
  const isPlain = Object.keys(spec.abac?.tags ?? {}).length === 0 && spec.clusters === undefined;
  const { roleChain } = added;
  return {
    ...spec,
    aws: { ...spec.aws, ...(roleChain && isPlain && { roleChain: [...roleChain] }) },
    ...(added.deployers && added.deployers.length > 0 && { guard: { deployers: [...added.deployers] } }),
    ...(added.gitops &&
      (added.gitops.argocd || added.gitops.flux) && {
        gitops: { repository: 'https://git.example.com/platform/secrets.git', ...added.gitops },
      }),
  };
});
