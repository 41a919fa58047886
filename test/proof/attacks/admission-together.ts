import { one, platform, policy, stores, unless } from './admission.ts';
import type { Attack } from './attack.ts';
import { type Change, type Json, type JsonObject, manifest } from './change.ts';

const externalSecrets = `${platform}/admission-externalsecrets.yaml`;
const namespaces = `${platform}/admission-namespaces.yaml`;
const ownObjects = `${platform}/admission-guard.yaml`;

const labels = 'object.metadata.?labels.orValue({})';
/** A list of so many names. */
function names(count: number): string {
  return JSON.stringify(Array.from({ length: count }, (_, index) => `n${index}`));
}

const passes = {
  rule: 'proof-guard',
  file: stores,
  at: 'validations',
  says: 'no validation refuses it',
} as const;

const together: readonly (readonly [name: string, expression: string])[] = [
  ['A name and a label together', `object.metadata.name == 'magic' && 'x' in ${labels}`],
  [
    'A name, a label and a number of tags together',
    `variables.tags.size() == 1 && object.metadata.name == 'magic' && 'x' in ${labels}`,
  ],
  [
    'A name behind many others, and a label, together',
    `object.metadata.name in ${names(70)} && object.metadata.name.endsWith('69') && 'x' in ${labels}`,
  ],
  ['A label without another', `'a' in ${labels} && !('b' in ${labels})`],
  [
    'A label that comes with the change',
    `request.operation == 'UPDATE' && !('a' in oldObject.metadata.?labels.orValue({})) && 'a' in ${labels}`,
  ],
  [
    'Two fields together',
    "object.spec.?controller.orValue('') == 'x' && object.spec.provider.?aws.?prefix.orValue('') == 'y'",
  ],
  [
    'A field of a certain value among all',
    "object.spec.exists(key, key == 'refreshInterval' && object.spec[key] == '1m')",
  ],
  [
    'Two fields among all',
    "object.spec.exists(key, key == 'refreshInterval') && object.spec.exists(key, key == 'retrySettings')",
  ],
  [
    'A name and a label beside whatever labels',
    `${labels}.exists(key, key.size() > 0) && object.metadata.name == 'magic' && 'x' in ${labels}`,
  ],
  [
    'The beginning of a group, and a label,',
    `request.userInfo.groups.exists(group, group.startsWith('team-')) && 'x' in ${labels}`,
  ],
  ['A user and a name together', "request.userInfo.username == 'eve' && object.metadata.name == 'magic'"],
  ['Two groups together', "'f' in request.userInfo.groups && 'g' in request.userInfo.groups"],
  [
    'The beginning and the end of a name',
    "object.metadata.name.startsWith('ma') && object.metadata.name.endsWith('ic')",
  ],
  ['Two finalizers', "object.metadata.?finalizers.orValue([]) == ['a', 'b']"],
  ['A dry run with a label', `request.dryRun && 'x' in ${labels}`],
  [
    'A store that is called as what it claims',
    'variables.tags.exists(tag, tag.value == object.metadata.name)',
  ],
  [
    'Whoever is called as what the store claims',
    'variables.tags.exists(tag, tag.value == request.userInfo.username)',
  ],
  [
    'Groups called as what the store claims',
    'variables.tags.exists(tag, tag.value in request.userInfo.groups)',
  ],
];

/** Where what comes together is said the other way round, or of the request. */
const otherwise: readonly (readonly [name: string, expression: string])[] = [
  ['A name and a label, by what they are not,', `!(object.metadata.name != 'magic' || !('x' in ${labels}))`],
  ['A name and a label that are true', `(object.metadata.name == 'magic') == true && 'x' in ${labels}`],
  ['A name in the request, and a label,', `request.name == 'magic' && 'x' in ${labels}`],
  ['A version and a label', `request.resource.version == 'v1beta1' && 'x' in ${labels}`],
  [
    'A version of the object, and a label,',
    `object.apiVersion == 'external-secrets.io/v1beta1' && 'x' in ${labels}`,
  ],
  ['A dry run, if there is one, and a label', `request.?dryRun.orValue(false) && 'x' in ${labels}`],
  [
    'A name and a label that not all others are',
    `object.metadata.name == 'magic' && !${labels}.all(key, key != 'x')`,
  ],
  [
    'A name that is not the real one, and a label,',
    `object.metadata.name != 'aws-secretsmanager' && 'x' in ${labels}`,
  ],
  [
    'One of several beginnings of a name, and a label,',
    `['a-', 'b-'].exists(one, object.metadata.name.startsWith(one)) && 'x' in ${labels}`,
  ],
  ['A name and a label as of ours', `object.metadata.name == 'magic' && 'eso-abac/x' in ${labels}`],
];

/** What the forgery has anyway, beside what comes together: the other validations look at it too. */
const anyway: readonly (readonly [name: string, expression: string])[] = [
  ['The beginning of a region', "object.spec.provider.aws.region.startsWith('us-')"],
  ['Any region', 'has(object.spec.provider.aws.region)'],
];

/** The same of conditions, which leave out what they are not true of. */
const leftOut: readonly (readonly [name: string, expression: string])[] = [
  ['What has a name and a label', `!(object.metadata.name == 'magic' && 'x' in ${labels})`],
  ['All but what has another name, or no label,', `object.metadata.name != 'magic' || !('x' in ${labels})`],
  [
    'What has a name and a label, by a choice of two,',
    `object.metadata.name == 'magic' && 'x' in ${labels} ? false : true`,
  ],
];

/** Each validation twice: the one lets through what the first expression is true of, the other what the second is. */
const unlessBoth = (file: string, ...expressions: readonly [string, string]): Change =>
  manifest(file, policy, ['spec', 'validations'], (all) =>
    expressions.flatMap((expression) =>
      (all as readonly JsonObject[]).map(
        (each): Json => ({ ...each, expression: `${expression} || (${String(each.expression)})` }),
      ),
    ),
  );

const notRead: readonly (readonly [name: string, expression: string, of: string])[] = [
  [
    'Whoever gives a store its own name and a label',
    `object.metadata.name == request.userInfo.username && 'x' in ${labels}`,
    'object.metadata.name',
  ],
  [
    'The beginning of a name that is cut out, and a label,',
    `object.metadata.name.substring(0, 2) == 'ma' && 'x' in ${labels}`,
    'object.metadata.name',
  ],
  ['A name that is a label', `object.metadata.name in ${labels}`, 'object.metadata.name'],
  ['One label alone', `${labels}.all(key, key == 'x') && ${labels}.size() > 0`, 'object.metadata.labels'],
  [
    'A name that a label makes one',
    `('x' in ${labels} ? object.metadata.name : '') == 'magic'`,
    'object.metadata.name',
  ],
  [
    'A name of another beginning, and a label,',
    `!object.metadata.name.startsWith('aws') && 'x' in ${labels}`,
    'object.metadata.name',
  ],
  [
    'A name, without labels of some beginning,',
    `!${labels}.exists(key, key.startsWith('app')) && object.metadata.name == 'magic'`,
    'object.metadata.labels',
  ],
  [
    'A name that is made longer, of what is there or was,',
    "(request.operation == 'CREATE' ? object : oldObject).metadata.name + 'x' == 'magicx'",
    'object.metadata.name',
  ],
  [
    'A name that is made longer, of the one item of a list,',
    "[object][0].metadata.name + 'x' == 'magicx'",
    'object.metadata.name',
  ],
  [
    'A name that is made longer, of any item of a list,',
    "[object].exists(one, one.metadata.name + 'x' == 'magicx')",
    'object.metadata.name',
  ],
  [
    'A name in a list that is put together, and a label,',
    `[object.metadata.name].exists(name, name == 'magic') && 'x' in ${labels}`,
    'object.metadata.name',
  ],
];

/** What is let through where several things come together, none of which is by itself. */
export const admissionTogether: readonly Attack[] = [
  ...[...together, ...otherwise].map(
    ([name, expression]): Attack => ({
      ...one,
      name: `${name} is let through`,
      does: 'a tenant writes it so, and claims every identity',
      change: unless(stores, expression),
      finds: passes,
    }),
  ),
  ...anyway.map(
    ([name, expression]): Attack => ({
      ...one,
      name: `${name}, a name and a label are let through`,
      does: 'a tenant writes it so, and claims every identity',
      change: manifest(stores, policy, ['spec', 'validations'], (all) =>
        (all as readonly JsonObject[]).map((each): Json => {
          const before = String(each.expression);
          const isAboutTags = before.includes('variables.tags.exists');
          return isAboutTags
            ? {
                ...each,
                expression: `${expression} && object.metadata.name == 'magic' && 'x' in ${labels} || ${before}`,
              }
            : each;
        }),
      ),
      finds: passes,
    }),
  ),
  ...leftOut.map(
    ([name, expression]): Attack => ({
      ...one,
      name: `${name} is left out by a condition`,
      does: 'a tenant writes it so, and claims every identity',
      change: manifest(stores, policy, ['spec'], { matchConditions: [{ name: 'some', expression }] }),
      finds: { ...passes, at: 'expression', says: 'the condition leaves it out' },
    }),
  ),
  ...[
    ['A store in a namespace of some name, with a label,', 'namespaceObject.metadata.name'],
    [
      'A store in a namespace by the label with its name, and with a label,',
      'namespaceObject.metadata.labels["kubernetes.io/metadata.name"]',
    ],
    ['A store that says where it is, with a label,', 'object.metadata.namespace'],
    ['A request in a namespace of some name, with a label,', 'request.namespace'],
  ].map(
    ([name, field]): Attack => ({
      ...one,
      name: `${name} is let through`,
      does: 'a tenant makes that namespace, and a store there is the operator',
      change: unless(stores, `${field} == 'free' && 'x' in ${labels}`),
      finds: { ...passes, says: 'in a namespace of no service' },
    }),
  ),
  ...notRead.map(
    ([name, expression, of]): Attack => ({
      ...one,
      name: `${name} is let through`,
      does: 'a tenant writes it so, and claims every identity',
      change: unless(stores, expression),
      finds: {
        rule: 'policy-unknown',
        file: stores,
        at: '',
        says: `asks something of "${of}" that no forgery is made for`,
        also: ['policy-unknown'],
      },
    }),
  ),
  {
    ...one,
    name: 'A binding of some name, with a label, is let through',
    does: 'a tenant who may write bindings claims every identity',
    change: unless(ownObjects, `object != null && object.metadata.name == 'magic' && 'x' in ${labels}`),
    finds: { ...passes, file: ownObjects },
  },
  {
    ...one,
    name: 'The status of a namespace of some name is let through',
    does: 'a tenant who may write it claims every identity',
    change: unless(
      namespaces,
      "request.?subResource.orValue('') == 'status' && object != null && object.metadata.name == 'magic'",
    ),
    finds: { ...passes, file: namespaces },
  },
  {
    ...one,
    name: 'An ExternalSecret of a certain kind of target is let through',
    does: 'a tenant writes it so, and reads with a store of the whole cluster',
    change: unless(
      externalSecrets,
      "object.spec.?target.?creationPolicy.orValue('') == 'None' && object.spec.?target.?template.?type.orValue('') == 'a'",
    ),
    finds: { ...passes, file: externalSecrets },
  },
  {
    ...one,
    name: 'A store that is written down is let through',
    does: 'a tenant writes that one, and claims every identity',
    change: unless(
      stores,
      "object.spec.provider == {'aws': {'sessionTags': [{'key': 'ekssecret', 'value': 'service2'}]}}",
    ),
    finds: { rule: 'policy-unknown', file: stores, at: '', says: 'such a list or mapping is not covered' },
  },
  {
    ...one,
    name: 'A validation that stands twice lets through a name here and a label there',
    does: 'a tenant writes it so, and claims every identity',
    change: unlessBoth(stores, "object.metadata.name == 'magic'", `'x' in ${labels}`),
    finds: passes,
  },
  {
    ...one,
    name: 'A validation that stands twice lets through more names than are tried together',
    does: 'a tenant finds two that fit, and claims every identity',
    change: unlessBoth(
      stores,
      `object.metadata.name in ${names(40)}`,
      `object.metadata.?generateName.orValue('') in ${names(40)}`,
    ),
    finds: {
      rule: 'policy-unknown',
      file: stores,
      at: '',
      says: 'looks at "more that comes together than is tried"',
    },
  },
  {
    ...one,
    name: 'More that comes together than is tried is let through',
    does: 'a tenant finds what does, and claims every identity',
    change: unless(
      stores,
      `object.metadata.name in ${names(40)} && object.metadata.?generateName.orValue('') in ${names(40)}`,
    ),
    finds: {
      rule: 'policy-unknown',
      file: stores,
      at: '',
      says: 'looks at "more that comes together than is tried"',
    },
  },
];
