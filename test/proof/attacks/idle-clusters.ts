import { policy } from './admission.ts';
import type { Attack } from './attack.ts';
import { type Change, type JsonObject, manifest, removed, text } from './change.ts';

const platform = 'clusters/staging/platform';
const stores = `${platform}/admission-secretstores.yaml`;
const namespace = `${platform}/namespace.yaml`;

const unlike = {
  rule: 'proof-guard',
  file: namespace,
  at: '',
  says: 'cluster "staging" has no services, and its admission policies are like those of no cluster that has some',
} as const;

const refusing = {
  rule: 'proof-guard',
  file: namespace,
  at: '',
  says: 'in cluster "staging" administrator cannot create the SecretStore',
} as const;

const always: Change = manifest(stores, policy, ['spec', 'validations'], (all) =>
  (all as readonly JsonObject[]).map((one) => ({
    ...one,
    expression: `true || (${String(one.expression)})`,
  })),
);

const cases: readonly (readonly [name: string, change: Change, finds: Attack['finds']])[] = [
  ['let everything through', always, unlike],
  [
    'leave a name out',
    manifest(stores, policy, ['spec'], {
      matchConditions: [{ name: 'some', expression: "object.metadata.name != 'free'" }],
    }),
    unlike,
  ],
  ['say nothing of SecretStores', removed(stores), unlike],
  [
    'keep no store out of the namespace of the operator',
    text(stores, "request.namespace != 'external-secrets'", "request.namespace != 'another'"),
    {
      rule: 'proof-guard',
      file: stores,
      at: '',
      says: "create, in the operator's namespace, a SecretStore with the operator's service account",
    },
  ],
  [
    'go by a label that anybody may set',
    text(stores, "'eso-abac/service' in variables.labels", "'service' in variables.labels"),
    refusing,
  ],
  [
    'let the operator set tags',
    text(stores, ".orValue('None') == 'None'", ".orValue('None') == 'Simple'"),
    refusing,
  ],
];

/** Of a cluster without services: its operator may claim all the same. */
export const ofIdleClusters: readonly Attack[] = cases.map(([what, change, finds]) => ({
  tree: 'deployed',
  name: `Policies of a cluster without services that ${what}`,
  does: 'whoever may write a SecretStore there reads what services of other clusters own',
  change: [removed('clusters/staging/services/ledger.yaml'), change],
  finds,
}));
