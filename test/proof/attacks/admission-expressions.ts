import { namespaces, one, platform, policy, stores } from './admission.ts';
import type { Attack, Group } from './attack.ts';
import { type Change, type Json, manifest, text } from './change.ts';

const externalSecrets = `${platform}/admission-externalsecrets.yaml`;
const otherKinds = `${platform}/admission-cluster-kinds.yaml`;
const ownObjects = `${platform}/admission-guard.yaml`;
const prodStores = 'clusters/prod/platform/admission-secretstores.yaml';
const two = { tree: 'platform' } as const;

const passes = { rule: 'proof-guard', at: 'validations', says: 'no validation refuses it' } as const;
const here = { ...passes, file: stores } as const;

/** Changes the one expression of a policy's validations or variables that holds a text. */
function expression(file: string, holding: string, change: (expression: string) => string): Change {
  return manifest(file, policy, ['spec'], (spec) => {
    const { variables, validations } = spec as { [name: string]: { expression: string }[] };
    const all = [...(variables ?? []), ...(validations ?? [])];
    const found = all.filter((entry) => entry.expression.includes(holding));
    if (found.length === 0) throw new Error(`${file} has no expression with ${holding}`);
    const changed = (entries: { expression: string }[] = []) =>
      entries.map((entry) =>
        entry === found.at(-1) ? { ...entry, expression: change(entry.expression) } : entry,
      );
    return { ...(spec as object), variables: changed(variables), validations: changed(validations) } as Json;
  });
}

/** Takes away the validation that holds a text. */
function withoutValidation(file: string, holding: string): Change {
  return manifest(file, policy, ['spec', 'validations'], (validations) =>
    (validations as { expression: string }[]).filter((entry) => !entry.expression.includes(holding)),
  );
}

const ofStores: readonly Attack[] = [
  {
    ...one,
    name: 'No look at session tags',
    does: 'a tenant claims every identity',
    change: withoutValidation(stores, 'variables.tags'),
    finds: { ...here, says: 'can create a SecretStore with the tag of another service' },
  },
  {
    ...one,
    name: '`|| true` behind the session tags',
    does: 'a tenant claims every identity',
    change: expression(stores, 'variables.tags.size()', (before) => `${before} || true`),
    finds: here,
  },
  {
    ...one,
    name: 'An order of tags',
    does: 'who claims what depends on where in the alphabet a name stands',
    change: text(
      stores,
      'tag.value in variables.identities',
      "(tag.value in variables.identities || tag.value > 'y')",
    ),
    finds: { rule: 'policy-unknown', file: stores, at: 'expression', says: '> between what may be texts' },
  },
  {
    ...one,
    name: 'The tag compared with itself',
    does: 'a tenant claims every identity',
    change: text(stores, 'tag.value in variables.identities', 'tag.value in [tag.value]'),
    finds: here,
  },
  {
    ...one,
    name: 'The value of the tag not compared',
    does: 'a tenant claims every identity',
    change: text(stores, ' && tag.value in variables.identities', ''),
    finds: here,
  },
  {
    ...one,
    name: 'The beginning of the tag compared',
    does: 'a service gets at others whose names begin alike',
    change: text(
      stores,
      'tag.value in variables.identities',
      'variables.identities.exists(name, tag.value.startsWith(name))',
    ),
    finds: { ...here, says: 'with the tag of an identity that nobody has' },
  },
  {
    ...one,
    name: 'More session tags than one',
    does: 'a tenant adds tags, or the tag of another service',
    change: text(stores, 'variables.tags.size() == 1', 'variables.tags.size() >= 1'),
    finds: here,
  },
  {
    ...one,
    name: 'Very many session tags',
    does: 'a list that is long enough is not looked at',
    change: expression(
      stores,
      'variables.tags.size()',
      (before) => `${before} || variables.tags.size() > 20`,
    ),
    finds: { ...here, says: 'can create a SecretStore with many tags' },
  },
  {
    ...one,
    name: 'Transitive tags',
    does: 'tags go on to further roles',
    change: expression(stores, "'sessionTagsPolicy']", (before) =>
      before.replace("'sessionTagsPolicy']", "'sessionTagsPolicy', 'transitiveTagKeys']"),
    ),
    finds: { ...here, says: 'can create a SecretStore with transitive tags' },
  },
  {
    ...one,
    name: 'The beginning of the role compared',
    does: 'a store takes another role',
    change: expression(stores, '?role.', (before) =>
      before.replace(
        /variables\.aws\.\?role\.orValue\((.*?)\) == ('.*?')/,
        'variables.aws.?role.orValue($1).startsWith($2)',
      ),
    ),
    finds: { ...here, says: 'can create a SecretStore with another role' },
  },
  {
    ...one,
    name: 'No look at the region',
    does: 'a store reads in a region that its service is not in',
    change: withoutValidation(stores, '?region.'),
    finds: { ...here, says: 'can create a SecretStore with another region' },
  },
  {
    ...one,
    name: 'Every provider',
    does: 'a tenant has the operator log in elsewhere',
    change: withoutValidation(stores, 'variables.provider.all'),
    finds: { ...here, says: 'with the provider fake' },
  },
  {
    ...one,
    name: 'Namespaces of no service not looked at',
    does: 'a store there uses the identity of the operator',
    change: withoutValidation(stores, 'hasOwnCredentials'),
    finds: { ...here, says: 'in a namespace of no service' },
  },
  {
    ...one,
    name: 'Nobody is a tenant',
    does: 'every store passes for one of no service, and real ones are refused',
    change: expression(stores, "key.startsWith('eso-abac/')", () => 'false'),
    finds: {
      rule: 'proof-guard',
      file: 'clusters/us-west-2/services/service1.yaml',
      at: 'SecretStore',
      says: 'eso-abac-secretstores refuses it',
    },
  },
  {
    ...one,
    name: 'Every update passes for one of nothing',
    does: 'a good store is changed into a bad one',
    change: expression(stores, 'oldObject.?spec', () => "request.operation == 'UPDATE'"),
    finds: { ...here, says: 'can change its SecretStore' },
  },
  {
    ...two,
    name: 'Shared identities that are not true',
    does: 'a label with another value entitles too',
    change: text(prodStores, " && variables.labels[key] == 'true'", ''),
    finds: { ...passes, file: prodStores, says: 'whose label for it is not true' },
  },
  {
    ...two,
    name: 'The environment not compared',
    does: 'a staging store reads what is of production',
    change: text(prodStores, "tag.key == 'environment' && tag.value == 'prod'", "tag.key == 'environment'"),
    finds: { ...passes, file: prodStores, says: 'another value of environment' },
  },
  {
    ...two,
    name: 'The policy of another environment',
    does: 'real stores are refused',
    change: text(prodStores, "tag.value == 'prod'", "tag.value == 'staging'"),
    finds: {
      rule: 'proof-guard',
      file: 'clusters/prod/services/ledger.yaml',
      at: 'SecretStore',
      says: 'cannot create the SecretStore aws-secretsmanager: eso-abac-secretstores refuses it',
    },
  },
];

const ofOthers: readonly Attack[] = [
  {
    ...one,
    name: 'ClusterSecretStores for ExternalSecrets',
    does: 'a tenant reads with a store of the whole cluster',
    change: withoutValidation(externalSecrets, 'variables.storeKinds'),
    finds: { ...passes, file: externalSecrets, says: 'an ExternalSecret with a ClusterSecretStore' },
  },
  {
    ...one,
    name: 'Merge as creationPolicy',
    does: 'a tenant writes into Secrets of others',
    change: text(externalSecrets, "['Owner', 'None']", "['Owner', 'None', 'Merge']"),
    finds: { ...passes, file: externalSecrets, says: 'creationPolicy Merge' },
  },
  {
    ...one,
    name: 'Tokens in namespaces of no service',
    does: 'a tenant gets the token of a service account',
    change: expression(externalSecrets, "?type.orValue('')", (before) => `!variables.isTenant || ${before}`),
    finds: { ...passes, file: externalSecrets, says: 'in a namespace of no service' },
  },
  {
    ...one,
    name: 'A kind for everybody',
    does: 'a tenant reads with a store of the whole cluster',
    change: expression(otherKinds, 'request.kind.kind in []', (before) =>
      before.replace('request.kind.kind in []', "request.kind.kind in ['ClusterSecretStore']"),
    ),
    finds: { ...passes, file: otherKinds, says: 'a ClusterSecretStore' },
  },
  {
    ...one,
    name: 'The operator known by its kinds alone',
    does: 'a tenant pushes secrets',
    change: expression(otherKinds, 'request.userInfo.username', (before) => before.replace(/^.*&&\n/, '')),
    finds: { ...passes, file: otherKinds, says: 'PushSecret' },
  },
  {
    ...one,
    name: 'Labels that are added',
    does: 'a namespace becomes that of another service',
    change: text(namespaces, 'variables.added.size() + variables.removed.size()', 'variables.removed.size()'),
    finds: { ...passes, file: namespaces, says: 'take a shared identity' },
  },
  {
    ...one,
    name: 'Labels that are removed',
    does: 'a namespace becomes one of no service',
    change: text(namespaces, 'variables.added.size() + variables.removed.size()', 'variables.added.size()'),
    finds: { ...passes, file: namespaces, says: 'belong to no service any more' },
  },
  {
    ...one,
    name: 'Shared identities not guarded',
    does: 'a namespace takes a shared identity',
    change: expression(namespaces, 'variables.labels.filter', (before) =>
      before.replace(/ \|\|\nkey\.startsWith\('shared\.eso-abac\/'\)/, ''),
    ),
    finds: { ...passes, file: namespaces, says: 'take a shared identity' },
  },
  {
    ...one,
    name: 'The right to read in place of that to claim',
    does: 'whoever reads everything deploys',
    change: text(namespaces, "check('claim')", "check('get')"),
    finds: { ...passes, file: namespaces },
  },
  {
    ...one,
    name: 'The right to claim in a namespace',
    does: 'a RoleBinding in a namespace is enough',
    change: text(namespaces, ".check('claim')", ".namespace(request.namespace).check('claim')"),
    finds: { ...passes, file: namespaces },
  },
  {
    ...one,
    name: 'Bindings to the role of deployers',
    does: 'a tenant who may write bindings deploys',
    change: expression(ownObjects, 'roleRef', (before) => before.replace(/.*roleRef.*\|\|\n/, '')),
    finds: { ...passes, file: ownObjects, says: 'can bind the role of deployers to itself' },
  },
  {
    ...one,
    name: 'Roles of other names',
    does: 'a tenant who may write roles writes one that deploys',
    change: expression(ownObjects, 'one.rules', (before) =>
      before.replace(/ \|\|\nvariables\.objects\.exists\(one, one\.\?rules[\s\S]*$/, ''),
    ),
    finds: { ...passes, file: ownObjects, says: 'can write a role with the right to claim' },
  },
];

export const admissionExpressions: Group = {
  title: 'Expressions of the admission policies',
  stops:
    'The proof evaluates the expressions, and refuses those that look at something that no forgery varies. Everyday work has to pass, so that a policy that refuses everything fails too.',
  attacks: [...ofStores, ...ofOthers],
};
