import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validSpec } from '../support/arbitrary.ts';
import { asFiles, compileValid, type KubernetesObject, objectsIn, runs } from '../support/run-compile.ts';
import { denials, type Policy, policiesIn, type Request } from './admission.ts';

/** The objects of one service in a cluster. */
interface Tenant {
  readonly namespace: KubernetesObject;
  readonly others: readonly KubernetesObject[];
}

/** By cluster: its policies, and its services. */
function clustersOf(files: readonly { path: string; text: string }[]) {
  const names = [...new Set(files.flatMap(({ path }) => /^clusters\/([^/]+)\//.exec(path)?.[1] ?? []))];
  return names.map((name) => {
    const services = files.filter(({ path }) => path.startsWith(`clusters/${name}/services/`));
    const tenants = services.map(({ text }): Tenant => {
      const [namespace, ...others] = objectsIn(text);
      if (namespace?.kind !== 'Namespace') throw new Error('a service without its namespace first');
      return { namespace, others };
    });
    return { policies: policiesIn(files, name), tenants };
  });
}

function labelsOf({ metadata }: KubernetesObject): Record<string, string> {
  return (metadata as { labels?: Record<string, string> }).labels ?? {};
}

const creation = (object: KubernetesObject, namespace: KubernetesObject): Request => ({
  operation: 'CREATE',
  group: 'external-secrets.io',
  kind: object.kind,
  resource: `${object.kind.toLowerCase()}s`,
  object,
  oldObject: null,
  namespace: namespace.metadata.name,
  labels: labelsOf(namespace),
});

/** Session tags as texts, sorted. */
function tagsOf(store: KubernetesObject): string {
  const spec = store.spec as { provider: { aws: { sessionTags: { key: string; value: string }[] } } };
  return JSON.stringify(spec.provider.aws.sessionTags.map(({ key, value }) => `${key}=${value}`).sort());
}

const stores = ({ others }: Tenant) => others.filter(({ kind }) => kind === 'SecretStore');

function storesOfOthers(policies: readonly Policy[], tenants: readonly Tenant[]): number {
  let denied = 0;
  for (const tenant of tenants) {
    const own = new Set(stores(tenant).map(tagsOf));
    for (const store of tenants.flatMap(stores)) {
      const messages = denials(policies, creation(store, tenant.namespace));
      expect(messages.length > 0).toBe(!own.has(tagsOf(store)));
      denied += messages.length;
    }
  }
  return denied;
}

test('what any input yields is let in, and a store of another service never is', () => {
  let denied = 0;
  fc.assert(
    fc.property(validSpec, (spec) => {
      for (const { policies, tenants } of clustersOf(compileValid(asFiles(spec)).files)) {
        for (const { namespace, others } of tenants) {
          const made = { group: '', kind: 'Namespace', resource: 'namespaces', operation: 'CREATE' } as const;
          const request = { ...made, object: namespace, oldObject: null };
          expect(denials(policies, { ...request, mayClaim: true })).toEqual([]);
          expect(denials(policies, request)).toHaveLength(1);
          for (const object of others) expect(denials(policies, creation(object, namespace))).toEqual([]);
        }
        denied += storesOfOthers(policies, tenants);
      }
    }),
    runs(30),
  );
  expect(denied).toBeGreaterThan(100);
});
