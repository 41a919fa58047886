import type { Fleet } from '../fleet/model.ts';
import { type AdmissionPolicy, type Validation, type Variable, validation } from './admission-policy.ts';
import { list, quote } from './cel.ts';
import { namespaceVariables } from './variables.ts';

/** Types of Secrets that give rights in the cluster: Kubernetes fills in, or takes, a token. */
const typesWithRights = ['kubernetes.io/service-account-token', 'bootstrap.kubernetes.io/token'];

/** Prefix of the annotations that say which service account a token is for. */
const accountAnnotations = 'kubernetes.io/service-account.';

/** The operator copies annotations of the ExternalSecret too, so that a change of them is one of what is written. */
const isUnchanged: Variable = {
  name: 'isUnchanged',
  expression:
    "request.operation == 'UPDATE' &&\nobject.spec == oldObject.spec &&\n" +
    'object.metadata.?annotations.orValue({}) == oldObject.metadata.?annotations.orValue({})',
};

const variables: readonly Variable[] = [
  ...namespaceVariables,
  isUnchanged,
  { name: 'target', expression: 'object.spec.?target.orValue({})' },
  { name: 'template', expression: 'variables.target.?template.orValue({})' },
  {
    name: 'sources',
    expression:
      '(object.spec.?data.orValue([]) + object.spec.?dataFrom.orValue([]))\n' +
      '.filter(entry, has(entry.sourceRef)).map(entry, entry.sourceRef)',
  },
  {
    name: 'stores',
    expression:
      '[object.spec.?secretStoreRef.orValue({})] +\n' +
      'variables.sources.filter(source, has(source.storeRef)).map(source, source.storeRef)',
  },
  {
    name: 'storeKinds',
    expression: "variables.stores.map(store,\nstore.?kind.orValue('SecretStore'))",
  },
  {
    name: 'generatorKinds',
    expression:
      'variables.sources.filter(source, has(source.generatorRef)).map(source, source.generatorRef.kind)',
  },
  {
    name: 'annotations',
    expression:
      'object.metadata.?annotations.orValue({}).map(key, key) +\n' +
      'variables.template.?metadata.?annotations.orValue({}).map(key, key)',
  },
];

/**
 * The policy for ExternalSecrets. One in a tenant's namespace reads from stores of that namespace and owns the Secret
 * that it fills. Nowhere may one make a Secret that gives rights in the cluster.
 */
export function externalSecretPolicy({ guard }: Fleet): AdmissionPolicy {
  const generators = guard.allow.generators;
  return {
    name: 'eso-abac-externalsecrets',
    rules: [
      {
        apiGroups: ['external-secrets.io'],
        resources: ['externalsecrets'],
        operations: ['CREATE', 'UPDATE'],
      },
    ],
    variables,
    validations: [
      inTenants(
        "variables.storeKinds.all(kind, kind == 'SecretStore')",
        'stores of kind SecretStore alone',
        "variables.storeKinds.join(', ')",
      ),
      inTenants(
        `variables.generatorKinds.all(kind, kind in ${list(generators)})`,
        generators.length === 0 ? 'no generator' : `no generator but ${generators.join(', ')}`,
        "variables.generatorKinds.join(', ')",
      ),
      inTenants(
        "variables.target.?creationPolicy.orValue('Owner') in ['Owner', 'None']",
        'creationPolicy Owner or None',
        "variables.target.?creationPolicy.orValue('Owner')",
      ),
      inTenants('!has(variables.target.manifest)', 'a Secret as target', "'target.manifest'"),
      everywhere(
        `!(variables.template.?type.orValue('') in ${list(typesWithRights)})`,
        'a type of Secret that holds data only',
        "variables.template.?type.orValue('')",
      ),
      everywhere(
        `!variables.annotations.exists(key, key.startsWith(${quote(accountAnnotations)}))`,
        'no annotation that names a service account',
        `variables.annotations.filter(key, key.startsWith(${quote(accountAnnotations)})).join(', ')`,
      ),
      everywhere(
        "variables.template.?templateFrom.orValue([]).all(from, from.?target.orValue('Data') in ['Data', 'Labels'])",
        'templateFrom with target Data or Labels',
        "variables.template.?templateFrom.orValue([]).map(from, from.?target.orValue('Data')).join(', ')",
      ),
    ],
  };
}

function inTenants(condition: string, expected: string, found: string): Validation {
  const unless = ['!variables.isTenant', 'variables.isUnchanged'];
  return validation('ExternalSecret', unless, condition, quote(expected), found);
}

function everywhere(condition: string, expected: string, found: string): Validation {
  return validation('ExternalSecret', ['variables.isUnchanged'], condition, quote(expected), found);
}
