import fc from 'fast-check';
import type { Spec } from '../../../src/input/schema.ts';

const optional = { requiredKeys: [] as never[], noNullPrototype: true } as const;

/** `guard:` of an input: who deploys, and what else namespaces of services may hold. */
export const guard: fc.Arbitrary<NonNullable<Spec['guard']>> = fc.record(
  {
    deployers: fc.subarray([
      'argocd/argocd-application-controller',
      'flux-system/my.deployer',
      { group: 'platform-team' },
      { group: 'oidc:équipe #1' },
      { user: 'arn:aws:iam::123456789012:user/ann' },
      { user: `it's "ann": \\ 'x'` },
    ]),
    allow: fc.subarray([
      ...(['vault', 'fake', 'kubernetes', 'webhook'] as const),
      ...(['Fake', 'Password', 'Webhook', 'ECRAuthorizationToken'] as const),
    ]),
  },
  optional,
);

type Gitops = NonNullable<Spec['gitops']>;

const repository = fc.constantFrom<Pick<Gitops, 'repository' | 'flux'>[]>(
  { repository: 'https://git.example.com/platform/secrets.git' },
  { repository: 'https://git.example.com/platform/secrets.git', flux: {} },
  { repository: 'https://git.example.com/platform/secrets.git', flux: { namespace: 'sync' } },
  { repository: 'ssh://git@git.example.com:2222/platform/secrets', flux: { secretRef: 'key' } },
  { repository: 'git@git.example.com:platform/secrets.git', flux: { secretRef: '0123' } },
);
const more = fc.record(
  {
    revision: fc.constantFrom('main', 'refs/tags/v1', '0123'),
    path: fc.constantFrom('dist', 'a/b', '.'),
    argocd: fc.record(
      { namespace: fc.constantFrom('argo'), applicationFor: fc.constantFrom('cluster', 'service') },
      optional,
    ),
    destination: fc.constantFrom('in-cluster', 'arn:aws:eks:us-west-2:123456789012:cluster/prod'),
  },
  optional,
);

/**
 * `gitops:` of an input: objects for Argo CD, Flux or both.
 *
 * @returns from the name of a cluster, where there is one, which may have another one in Argo CD
 */
export const gitops: fc.Arbitrary<(cluster: string | undefined) => Gitops> = fc
  .tuple(repository, more)
  .map(([repo, { argocd, destination, ...rest }]) => (cluster) => ({
    ...repo,
    ...rest,
    ...((argocd || !repo.flux) && {
      argocd: { ...argocd, ...(destination && cluster && { clusters: { [cluster]: destination } }) },
    }),
  }));
