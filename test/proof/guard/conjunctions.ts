import { type Mapping, mapping } from '../../../src/proof/files/store.ts';
import { inWaysOf } from '../../../src/proof/guard/conjunctions.ts';
import type { AdmissionRequest } from '../../../src/proof/guard/model.ts';
import { creation, kinds, namespaceNamed, patched, update } from '../../../src/proof/guard/requests.ts';
import { guardOf, policy } from './platform.ts';

/** A store that is right. */
export const store = {
  metadata: { name: 'eso', namespace: 'sandbox', labels: { team: 'money' } },
  spec: { controller: 'c', path: 'cde', provider: { aws: { role: 'own' } }, list: ['a'] },
};
const forged = patched(store, { spec: { provider: { aws: { role: 'other' } } } });
const sandbox = namespaceNamed('sandbox');
/** Requests of a tenant. */
export const requests = {
  creation: creation(kinds.SecretStore, forged, sandbox),
  update: update(kinds.SecretStore, store, forged, sandbox),
  namespace: update(kinds.Namespace, sandbox, sandbox, null),
  role: creation(kinds.ClusterRole, { metadata: { name: 'a' } }, null),
} satisfies Record<string, AdmissionRequest>;

const variables = {
  name: 'object.metadata.name',
  named: "variables.name == 'a'",
  either: 'object == null ? oldObject : object',
  loop: 'variables.loop',
  loops: 'variables.loops || variables.named',
};

/** Each leaf that is another, with its path. */
function differences(before: unknown, after: unknown, path = ''): string[] {
  if (before === after) return [];
  const isInside = [before, after].every((one) => typeof one === 'object' && one !== null);
  if (!isInside || Array.isArray(after)) return [`${path} ${JSON.stringify(after)}`];
  const [old, now] = [mapping(before), mapping(after)];
  return Object.keys({ ...old, ...now }).flatMap((key) =>
    differences(old[key], now[key], path === '' ? key : `${path}.${key}`),
  );
}

/** The differences as text; those of a name and a place are many, and always the same. */
function told(all: readonly string[]): string {
  return all
    .join(', ')
    .replace(/^name "(.*?)", object.metadata.name "\1"/, 'called $1')
    .replace(
      /^namespace "(.*?)", object.metadata.namespace "\1", namespaceObject.metadata.name "\1", namespaceObject.metadata.labels.kubernetes.io\/metadata.name "\1"/,
      'in $1',
    )
    .replaceAll('object.metadata.', '.');
}

/** In which ways a request is tried for a policy with these parts, each by what is other than in the request. */
export function waysOf(spec: Mapping, request: AdmissionRequest): string[] {
  const used = Object.entries(variables).filter(([name]) =>
    JSON.stringify(spec).includes(`variables.${name}`),
  );
  const own = used.map(([name, expression]) => ({ name, expression }));
  const { policies } = guardOf(policy({ variables: own, ...spec }));
  return policies.flatMap((one) =>
    inWaysOf(one, request, store).map((way) => told(differences(request, way))),
  );
}
