import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../support/run-compile.ts';
import { runs } from '../support/run-compile.ts';
import { type Application, applicationsOf, type Repository } from './application-sets.ts';
import { committed, distOf, named, objectsBelow, repository, spec } from './inputs.ts';
import { refusal } from './upstream.ts';

const sets = ['platform', 'operator', 'services'] as const;

/** The Applications of each set, from the repository that dist is committed to. */
function applications(dist: Repository, folder = 'dist'): Record<(typeof sets)[number], Application[]> {
  const objects = objectsBelow(dist, 'gitops/argocd/');
  const of = (part: string) =>
    applicationsOf(named(objects, 'ApplicationSet', `eso-abac-${part}`), committed(dist, folder));
  return { platform: of('platform'), operator: of('operator'), services: of('services') };
}

const names = (made: readonly Application[]) => made.map(({ metadata }) => metadata.name);

describe('ApplicationSets', () => {
  it('make an Application for each part of each cluster', () => {
    const made = applications(distOf(spec()));
    for (const part of sets)
      expect(names(made[part])).toEqual([`eso-abac.prod.${part}`, `eso-abac.staging.${part}`]);
    expect(made.services.map(({ spec: { destination, source } }) => [destination, source?.path])).toEqual([
      [{ name: 'prod' }, 'dist/clusters/prod/services'],
      [{ name: 'staging' }, 'dist/clusters/staging/services'],
    ]);
  });

  it('make an Application for each service of each cluster, by choice', () => {
    const dist = distOf(spec({ argocd: { applicationFor: 'service', clusters: { prod: 'in-cluster' } } }));
    const { services } = applications(dist);
    const made = services.map(({ metadata, spec: { destination, source } }) => [
      metadata.name,
      destination.name,
      `${source?.path}/${source?.directory?.include}`,
    ]);
    expect(made).toEqual(
      ['prod', 'staging'].flatMap((cluster) =>
        ['ledger', 'orders', 'payments'].map((service) => [
          `${service}.${cluster}`,
          cluster === 'prod' ? 'in-cluster' : cluster,
          `dist/clusters/${cluster}/services/${service}.yaml`,
        ]),
      ),
    );
  });

  it('install the chart of the release with the values of the cluster', () => {
    const dist = distOf(spec({ path: 'platform/dist' }, { externalSecrets: { version: '0.20.4' } }));
    const [made] = applications(dist, 'platform/dist').operator;
    const [chart, values] = made?.spec.sources ?? [];
    expect(chart).toMatchObject({
      repoURL: 'https://charts.external-secrets.io',
      chart: 'external-secrets',
      targetRevision: '0.20.4',
      helm: { valueFiles: ['$values/platform/dist/operator/prod/helm-values.yaml'] },
    });
    expect(values).toEqual({ repoURL: repository, targetRevision: 'main', ref: 'values' });
    expect([...dist.keys()]).toContain('operator/prod/helm-values.yaml');
  });

  it('prune what is no longer in Git, but neither the operator nor its CRDs', () => {
    const automated = (applicationFor: 'cluster' | 'service') =>
      sets.map(
        (part) => applications(distOf(spec({ argocd: { applicationFor } })))[part][0]?.spec.syncPolicy,
      );
    expect(automated('cluster')).toMatchObject([
      { automated: { prune: true } },
      { automated: { selfHeal: true } },
      { automated: { prune: true } },
    ]);
    expect(automated('cluster')[1]?.automated).toEqual({ selfHeal: true });
    expect(automated('service')[2]?.automated).toEqual({ prune: true, allowEmpty: true, selfHeal: true });
  });

  it('leave Applications, and what these applied, when a set is deleted or yields nothing', () => {
    const found = objectsBelow(distOf(spec()), 'gitops/argocd/').filter(
      ({ kind }) => kind === 'ApplicationSet',
    );
    expect(found).toHaveLength(3);
    for (const { metadata, spec: its } of found) {
      expect(metadata).toMatchObject({ finalizers: ['resources-finalizer.argocd.argoproj.io'] });
      expect(its).toMatchObject({
        goTemplate: true,
        goTemplateOptions: ['missingkey=error'],
        syncPolicy: { applicationsSync: 'create-update', preserveResourcesOnDeletion: true },
      });
    }
  });
});

/** Names of every length: short ones, the longest, and long ones that are cut to the same beginning. */
const label = fc.oneof(
  fc.stringMatching(/^[a-z0-9](?:[-a-z0-9]{0,12}[a-z0-9])?$/),
  fc.stringMatching(/^[ab][-ab]{61}[ab]$/),
  fc.stringMatching(/^a{19}-{0,40}[a-c]$/),
);
const fleet = fc.record({
  clusters: fc.uniqueArray(label, { minLength: 1, maxLength: 4 }),
  services: fc.uniqueArray(label, { minLength: 1, maxLength: 4 }),
  applicationFor: fc.constantFrom('cluster' as const, 'service' as const),
  folder: fc.constantFrom('.', 'dist', 'a/b-c/dist'),
});

function specOf({
  clusters,
  services,
  applicationFor,
  folder,
}: typeof fleet extends fc.Arbitrary<infer One> ? One : never) {
  return spec(
    { argocd: { applicationFor }, path: folder },
    {
      clusters: Object.fromEntries(clusters.map((name) => [name, { region: 'us-west-2' }])),
      defaults: { regions: ['us-west-2'] },
      services: services
        .filter((name) => name !== 'kustomization')
        .map((name, index) => ({ name, namespace: `ns${index}`, secrets: [`secret${index}`] })),
    },
  );
}

it('from any fleet: one valid Application for each file and part, with a name of its own that fits a label', () => {
  fc.assert(
    fc.property(fleet, (shape) => {
      const dist = distOf(specOf(shape));
      const made = applications(dist, shape.folder);
      const all = sets.flatMap((part) => made[part]);
      expect(new Set(names(all)).size).toBe(all.length);
      for (const name of names(all)) expect(name).toMatch(/^(?=.{1,63}$)[a-z0-9][-.a-z0-9]*[a-z0-9]$/);
      for (const one of all) expect(refusal(one)).toBeUndefined();

      const files = [...committed(dist, shape.folder).keys()].filter((path) => /(^|\/)clusters\//.test(path));
      const applied = all.flatMap(({ spec: { source } }) => filesOf(source, files));
      expect(applied.sort()).toEqual(files.sort());
    }),
    runs(60),
  );
});

/** The files of a source: `*` in its pattern stands for a name. */
function filesOf(source: Application['spec']['source'], files: readonly string[]): string[] {
  if (source === undefined) return [];
  return files.filter((file) => {
    const name = file.slice(`${source.path}/`.length);
    if (file !== `${source.path}/${name}` || name.includes('/')) return false;
    return source.directory?.include === '*.yaml' || source.directory?.include === name;
  });
}

interface Project {
  readonly sourceRepos: readonly string[];
  readonly destinations: readonly { readonly name: string; readonly namespace: string }[];
  readonly clusterResourceWhitelist: readonly Kind[];
  readonly namespaceResourceWhitelist: readonly Kind[];
}

interface Kind {
  readonly group: string;
  readonly kind: string;
}

/** Whether a project lets an object be applied to a cluster. Source: Argo CD, "Projects". */
function permits(
  project: Project,
  { apiVersion, kind, metadata }: KubernetesObject,
  cluster: string,
): boolean {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  const { namespace } = metadata;
  const kinds =
    namespace === undefined ? project.clusterResourceWhitelist : project.namespaceResourceWhitelist;
  const isKind = kinds.some((one) => one.group === group && one.kind === kind);
  const isPlace = project.destinations.some(
    (one) => one.name === cluster && (namespace === undefined || [namespace, '*'].includes(one.namespace)),
  );
  return isKind && isPlace;
}

describe('AppProjects', () => {
  const dist = distOf(spec());
  const objects = objectsBelow(dist, 'gitops/argocd/');
  const projectOf = (name: string) => named(objects, 'AppProject', name).spec as Project;
  const projects = { platform: projectOf('eso-abac-platform'), services: projectOf('eso-abac-services') };

  it.each(['platform', 'services'] as const)('let through all that is generated: %s', (part) => {
    const generated = objectsBelow(dist, `clusters/prod/${part}/`);
    expect(generated.length).toBeGreaterThan(2);
    expect(generated.filter((one) => !permits(projects[part], one, 'prod'))).toEqual([]);
  });

  const object = (apiVersion: string, kind: string, namespace?: string) => ({
    apiVersion,
    kind,
    metadata: { name: 'evil', ...(namespace !== undefined && { namespace }) },
  });

  it.each([
    ['a right', object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding')],
    ['a binding of the guard', object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding')],
    ['a store of the whole cluster', object('external-secrets.io/v1', 'ClusterSecretStore')],
    ['a pod', object('apps/v1', 'Deployment', 'payments-ns')],
    ['a secret', object('v1', 'Secret', 'payments-ns')],
  ])('refuse what a file among the services is smuggled in for: %s', (_, smuggled) => {
    expect(permits(projects.services, smuggled, 'prod')).toBe(false);
  });

  it('refuse what the platform part is smuggled into another namespace or cluster for', () => {
    const secret = object('v1', 'Secret', 'external-secrets');
    expect(permits(projects.platform, secret, 'prod')).toBe(true);
    expect(permits(projects.platform, object('v1', 'Secret', 'kube-system'), 'prod')).toBe(false);
    expect(permits(projects.platform, secret, 'another')).toBe(false);
  });

  it('know our repository, and for the platform that of the chart', () => {
    expect(projects.services.sourceRepos).toEqual([repository]);
    expect(projects.platform.sourceRepos).toEqual([repository, 'https://charts.external-secrets.io']);
  });
});
