import type { Cluster, Fleet } from '../fleet/model.ts';
import { type AdmissionPolicy, type Validation, type Variable, validation } from './admission-policy.ts';
import { joined, lines, list, quote } from './cel.ts';
import { isUnchanged, namespaceVariables } from './variables.ts';

/** What a store's specification may hold: its provider, and what decides nothing about what is read. */
const fieldsOfStore = ['provider', 'refreshInterval', 'retrySettings'];

/**
 * Up to release 0.15 v1alpha1 is served, which has no session tags: an update through it drops them from what is stored,
 * be it one of a label, while old and new object look the same in that version.
 */
const isUnchangedInFull: Variable = {
  name: isUnchanged.name,
  expression: `object.apiVersion != 'external-secrets.io/v1alpha1' &&\n${isUnchanged.expression}`,
};

/**
 * The policy for SecretStores. In a tenant's namespace an AWS store is exactly what this project writes, with session
 * tags that the namespace's labels entitle to. In every other namespace it needs credentials of its own, since without
 * them the operator's identity makes the calls.
 */
export function secretStorePolicy(fleet: Fleet, cluster: Cluster): AdmissionPolicy {
  const providers = ['aws', ...fleet.guard.allow.providers];
  return {
    name: 'eso-abac-secretstores',
    rules: [
      { apiGroups: ['external-secrets.io'], resources: ['secretstores'], operations: ['CREATE', 'UPDATE'] },
    ],
    variables: [
      ...namespaceVariables,
      isUnchangedInFull,
      { name: 'provider', expression: 'object.spec.provider' },
      { name: 'isAwsOfTenant', expression: "variables.isTenant &&\n'aws' in variables.provider" },
      { name: 'aws', expression: 'variables.provider.?aws.orValue({})' },
      { name: 'tags', expression: 'variables.aws.?sessionTags.orValue([])' },
      { name: 'account', expression: 'variables.aws.?auth.?jwt.?serviceAccountRef.orValue({})' },
      { name: 'keys', expression: 'variables.aws.?auth.?secretRef.orValue({})' },
      { name: 'hasOwnCredentials', expression: ownCredentials },
    ],
    validations: [
      ofTenants(
        `variables.provider.all(name, name in ${list(providers)})`,
        `provider ${providers.join(' or ')}`,
        "variables.provider.map(name, name).join(', ')",
      ),
      ofTenants(
        `object.spec.all(field, field in ${list(fieldsOfStore)})`,
        `no fields but ${fieldsOfStore.join(', ')}`,
        "object.spec.map(field, field).join(', ')",
      ),
      ...awsSettings(cluster),
      sessionTags(fleet, cluster),
      outsideTenants(fleet.operator.namespace),
    ],
  };
}

function ofTenants(condition: string, expected: string, found: string): Validation {
  const unless = ['!variables.isTenant', 'variables.isUnchanged'];
  return validation('SecretStore', unless, condition, quote(expected), found);
}

/** A condition that only an AWS store in a tenant's namespace must meet. */
function ofAws(condition: string, expected: string, found: string): Validation {
  const unless = ['!variables.isAwsOfTenant', 'variables.isUnchanged'];
  return validation('SecretStore', unless, condition, expected, found);
}

function awsSettings({ region, accessRoleArn, externalId, roleChain }: Cluster): Validation[] {
  const texts: Readonly<Record<string, string>> = {
    service: 'SecretsManager',
    region,
    role: accessRoleArn,
    ...(externalId !== undefined && { externalID: externalId }),
  };
  const chain = roleChain.length > 0 ? ['additionalRoles'] : [];
  const fields = [...Object.keys(texts), ...chain, 'sessionTags', 'sessionTagsPolicy'];
  return [
    ofAws(
      `variables.aws.all(field, field in ${list(fields)})`,
      quote(`no fields of aws but ${fields.join(', ')}`),
      "variables.aws.map(field, field).join(', ')",
    ),
    ...Object.entries(texts).map(([field, value]) => setting(field, value)),
    ...chain.map((field) =>
      ofAws(
        `variables.aws.?${field}.orValue([]) == ${list(roleChain)}`,
        quote(`${field} ${roleChain.join(', ')}`),
        joined(`variables.aws.?${field}.orValue([])`),
      ),
    ),
    // Releases before 2.5.0 do not have the field; the others fill in None.
    setting('sessionTagsPolicy', 'None', 'None'),
  ];
}

function setting(field: string, value: string, absent = 'nothing'): Validation {
  const found = `variables.aws.?${field}.orValue(${quote(absent)})`;
  return ofAws(`${found} == ${quote(value)}`, quote(`${field} ${value}`), found);
}

/** As many tags as there are keys, and one for each key: so none is absent, surplus or there twice. */
function sessionTags({ tagKeys }: Fleet, { tagTemplates }: Cluster): Validation {
  const [identityKey] = tagKeys;
  const further = tagTemplates.map(({ key, value }) => ({ key, value: filled(value) }));
  const tag = (key: string, value: string) =>
    `variables.tags.exists(tag, tag.key == ${quote(key)} && tag.value ${value})`;
  const conditions = [
    `variables.tags.size() == ${1 + further.length}`,
    tag(identityKey, 'in variables.identities'),
    ...further.map(({ key, value }) => tag(key, `== ${value}`)),
  ];
  const expected = [
    `${quote(`sessionTags ${identityKey}=`)} + variables.identities.join(' or ')`,
    ...further.map(({ key, value }) => `${quote(`, ${key}=`)} + ${value}`),
  ];
  const found = joined("variables.tags.map(tag, tag.key + '=' + tag.value)");
  return ofAws(lines(conditions, '&&'), lines(expected, '+'), found);
}

/** The value of a tag in CEL: the service's name comes from the namespace's label. */
function filled(template: string): string {
  const parts = template.split('{service}').flatMap((text, index) => {
    const before = index === 0 ? [] : ['variables.service'];
    return text === '' ? before : [...before, quote(text)];
  });
  return parts.join(' + ');
}

/** ESO uses the operator's own identity when `auth` is empty, and when what it holds is. */
const ownCredentials = lines(
  [
    "variables.account.?name.orValue('') != ''",
    "variables.keys.?accessKeyIDSecretRef.?name.orValue('') != '' &&\n" +
      "variables.keys.?secretAccessKeySecretRef.?name.orValue('') != ''",
  ],
  '||',
);

/** Nor may a store borrow the operator's service account, from inside its namespace or from another one. */
function outsideTenants(operatorNamespace: string): Validation {
  const unless = ['variables.isTenant', 'variables.isUnchanged', "!('aws' in variables.provider)"];
  const conditions = [
    'variables.hasOwnCredentials',
    `request.namespace != ${quote(operatorNamespace)}`,
    'variables.account.?namespace.orValue(request.namespace) == request.namespace',
  ];
  return validation(
    'SecretStore',
    unless,
    lines(conditions, '&&'),
    quote("aws with auth of this namespace's own, as the namespace belongs to no service"),
    quote("the operator's identity"),
  );
}
