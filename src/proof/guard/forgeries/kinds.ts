import { generatorKinds } from '../../../findings/generators.ts';
import type { Ground } from '../ground.ts';
import type { Attempt } from '../model.ts';
import { creation, type Kind, namespaceNamed, patched, update } from '../requests.ts';
import { moved } from './stores.ts';

const operator = { group: 'external-secrets.io', version: 'v1' } as const;
const generators = {
  group: 'generators.external-secrets.io',
  version: 'v1alpha1',
  isNamespaced: true,
} as const;

/** What pushes a Secret into a store. */
export const pushSecret: Kind = {
  ...operator,
  version: 'v1alpha1',
  kind: 'PushSecret',
  resource: 'pushsecrets',
  isNamespaced: true,
};

/** What the operator notes of what a generator has made. */
export const generatorState: Kind = { ...generators, kind: 'GeneratorState', resource: 'generatorstates' };

/** The operator's kinds beside SecretStore and ExternalSecret. A kind that nobody knows stands for later releases. */
const kinds: readonly Kind[] = [
  { ...operator, kind: 'ClusterSecretStore', resource: 'clustersecretstores', isNamespaced: false },
  { ...operator, kind: 'ClusterExternalSecret', resource: 'clusterexternalsecrets', isNamespaced: false },
  pushSecret,
  {
    ...operator,
    version: 'v1alpha1',
    kind: 'ClusterPushSecret',
    resource: 'clusterpushsecrets',
    isNamespaced: false,
  },
  { ...operator, kind: 'LaterKind', resource: 'laterkinds', isNamespaced: true },
  { ...generators, kind: 'ClusterGenerator', resource: 'clustergenerators', isNamespaced: false },
  generatorState,
  { ...generators, kind: 'LaterGenerator', resource: 'latergenerators' },
  ...generatorKinds.map((kind) => ({ ...generators, kind, resource: `${kind.toLowerCase()}s` })),
];

/** Objects of kinds that no service has, as a tenant writes them: of the whole cluster, pushed, generated. */
export function kindForgeries({ namespace, namespaceName }: Ground): Attempt[] {
  return kinds.flatMap(inEveryVersion).flatMap((kind) => {
    const metadata = { name: 'another', ...(kind.isNamespaced && { namespace: namespaceName }) };
    const object = { metadata, spec: { provider: {} } };
    const attack = `a ${kind.kind}`;
    const unless = isGenerator(kind) ? { unlessNamed: kind.kind } : {};
    return [
      { what: `create a ${kind.kind}`, attack, request: creation(kind, object, namespace), ...unless },
      {
        what: `change a ${kind.kind}`,
        attack,
        request: update(kind, object, patched(object, { spec: { changed: true } }), namespace),
        ...unless,
      },
      ...(kind.isNamespaced
        ? [
            {
              what: `create, in a namespace of no service, a ${kind.kind}`,
              attack,
              request: creation(kind, moved(object, 'sandbox'), namespaceNamed('sandbox')),
              ...unless,
            },
          ]
        : []),
    ];
  });
}

/** Releases differ in the versions that they serve. */
function inEveryVersion(kind: Kind): Kind[] {
  if (kind.group !== operator.group) return [kind];
  return ['v1', 'v1beta1', 'v1alpha1'].map((version) => ({ ...kind, version }));
}

/** The platform may let tenants have generators of their namespace, but not the operator's own notes about them. */
function isGenerator({ group, kind, isNamespaced }: Kind): boolean {
  return group === generators.group && isNamespaced && kind !== generatorState.kind;
}
