import { namespaces, one, platform, policy, stores, unless, validations } from './admission.ts';
import type { Attack } from './attack.ts';
import { type Json, type JsonObject, manifest } from './change.ts';

const kinds = `${platform}/admission-cluster-kinds.yaml`;
const externalSecrets = `${platform}/admission-externalsecrets.yaml`;

const name = 'object.metadata.name';
const labels = 'object.metadata.?labels.orValue({})';
const generateName = "object.metadata.?generateName.orValue('')";
const label = `'x' in ${labels}`;
const groups = 'request.userInfo.groups';
/** What no forgery is. */
const magic = `${name}.contains('gi') && ${name} != 'gi' && ${label}`;

/** What a tenant can make true, where no forgery does. */
const ofStores: readonly (readonly [name: string, expression: string])[] = [
  [
    'A beginning within another, and a label',
    `${name}.startsWith('ma') && ${name}.startsWith('mag') && ${label}`,
  ],
  [
    'A beginning and an end with something between',
    `${name}.startsWith('a') && ${name}.endsWith('b') && ${name} != 'ab' && ${label}`,
  ],
  ['A part of a name that is not all of it', magic],
  [
    'Names that are none of two',
    `${name} != 'aws-secretsmanager' && ${name} != 'aws-secretsmanagerx' && ${label}`,
  ],
  ['Any generated name but one', `${generateName} != 'x' && ${generateName} != '' && ${label}`],
  [
    'What stands for a name that is not there',
    `object.metadata.?generateName.orValue(${name}) != 'aws-secretsmanager' && ${label}`,
  ],
  ['A name where it is chosen for itself', `(${name} == 'magic' ? ${name} : 'zz') != 'zz' && ${label}`],
  [
    'Annotations that change',
    "request.operation == 'UPDATE' && object.metadata.?annotations.orValue({}) != oldObject.metadata.?annotations.orValue({})",
  ],
  [
    'A label with a beginning and an end',
    `${labels}.exists(key, key.startsWith('ma') && key.endsWith('ic'))`,
  ],
  [
    'A label of some value but one, and a name',
    `${labels}.exists(key, key == 'q' && ${labels}[key] != 'x') && ${name} == 'magic'`,
  ],
  [
    'A group with a beginning and an end',
    `${groups}.exists(group, group.startsWith('te') && group.endsWith('am'))`,
  ],
  [
    'An object in a list by name, and a label',
    `[object].exists(one, one.metadata.name == 'magic') && ${label}`,
  ],
];

const finds = (file: string) =>
  ({
    rule: 'policy-unknown',
    file,
    at: '',
    says: 'and nothing that is tried shows what that lets pass',
  }) as const;

/** Exemptions that join more, or other things, than forgeries are made for. */
export const admissionUntried: readonly Attack[] = [
  ...ofStores.map(
    ([what, expression]): Attack => ({
      ...one,
      name: `${what}, let through`,
      does: 'a tenant writes such a store, and claims every identity',
      change: unless(stores, expression),
      finds: finds(stores),
    }),
  ),
  {
    ...one,
    name: 'An exemption that is denied twice',
    does: 'a tenant writes such a store, and claims every identity',
    change: validations(stores, (before) => `!(!(${magic}) && !(${before}))`),
    finds: finds(stores),
  },
  {
    ...one,
    name: 'An exemption that is chosen',
    does: 'a tenant writes such a store, and claims every identity',
    change: validations(stores, (before) => `(${magic}) ? true : (${before})`),
    finds: finds(stores),
  },
  {
    ...one,
    name: 'An exemption for each of the tags',
    does: 'a tenant writes such a store, and claims every identity',
    change: validations(stores, (before) => before.replace('.exists(tag, ', `.exists(tag, ${magic} || `)),
    finds: finds(stores),
  },
  {
    ...one,
    name: 'Tags of a beginning and an end',
    does: 'a tenant claims the identity of a service to come',
    change: validations(stores, (before) =>
      before.replace(
        '.exists(tag, ',
        ".exists(tag, tag.value.startsWith('free') && tag.value.endsWith('dom') || ",
      ),
    ),
    finds: finds(stores),
  },
  {
    ...one,
    name: 'Labels of a namespace that are passed over for some objects',
    does: 'a tenant writes such an ExternalSecret, which counts as that of no service',
    change: manifest(externalSecrets, policy, ['spec', 'variables'], (all) =>
      (all as readonly JsonObject[]).map(
        (each): Json => ({
          ...each,
          expression:
            String(each.expression).replace(
              'labels.exists(key,',
              `labels.exists(key, !(object != null && ${magic}) && (`,
            ) + (each.name === 'isTenant' ? ')' : ''),
        }),
      ),
    ),
    finds: finds(externalSecrets),
  },
  {
    ...one,
    name: 'An exemption behind many brackets',
    does: 'a tenant writes such a store, and claims every identity',
    change: validations(
      stores,
      (before) => `(((((${name} + 'a') + 'b') + 'c') + 'd') + 'e') == 'magicabcde' || (${before})`,
    ),
    finds: finds(stores),
  },
  ...[
    { what: 'with true', change: (before: string) => `(${magic} || (${before})) == true` },
    { what: 'with false, and denied', change: (before: string) => `!(!(${magic}) && !(${before})) != false` },
    { what: 'in a list of what may be', change: (before: string) => `(${magic} || (${before})) in [true]` },
    { what: 'in a list of which one is enough', change: (before: string) => `true in [${magic}, ${before}]` },
  ].map(
    ({ what, change }): Attack => ({
      ...one,
      name: `An exemption that is compared ${what}`,
      does: 'a tenant writes such a store, and claims every identity',
      change: validations(stores, change),
      finds: finds(stores),
    }),
  ),
  {
    ...one,
    name: 'An exemption for each of the tags, behind many brackets',
    does: 'a tenant writes such a store, and claims every identity',
    change: validations(stores, (before) =>
      before.replace(
        '.exists(tag, ',
        `.exists(tag, (((((${name}.contains('gi') && ${name} != 'gi') && ${label}) && ${name} != 'q1') && ${name} != 'q2') && ${name} != 'q3') || `,
      ),
    ),
    finds: finds(stores),
  },
  {
    ...one,
    name: 'An exemption for each of the tags, which are behind many brackets',
    does: 'a tenant writes such a store, and claims every identity',
    change: validations(stores, (before) =>
      before.replace(
        /variables\.tags\.exists\(tag, (.*)/,
        `['a'].exists(one, ((((object).spec).provider).aws).sessionTags.exists(tag, ${magic} || $1)`,
      ),
    ),
    finds: finds(stores),
  },
  {
    ...one,
    name: 'A condition that leaves out what is none of two, and has a label',
    does: 'a tenant writes such a store, and claims every identity',
    change: manifest(stores, policy, ['spec'], {
      matchConditions: [{ name: 'some', expression: `object == null || !(${ofStores[3]?.[1]})` }],
    }),
    finds: finds(stores),
  },
  {
    ...one,
    name: 'One kind of the operator by a name',
    does: 'a tenant writes one of that name, which the operator follows in every namespace',
    change: validations(
      kinds,
      (before) => `request.kind.kind == 'ClusterExternalSecret' && ${name} == 'free' || ${before}`,
    ),
    finds: finds(kinds),
  },
  {
    ...one,
    name: 'ExternalSecrets with dataFrom by a name',
    does: 'a tenant writes one of that name with a generator',
    change: validations(
      externalSecrets,
      (before) => `object.spec.?dataFrom.orValue([]).size() > 0 && ${name} == 'free' || (${before})`,
    ),
    finds: finds(externalSecrets),
  },
  {
    ...one,
    name: 'A namespace by a label with a beginning and an end',
    does: 'a tenant labels a namespace so, and as that of a service',
    change: validations(
      namespaces,
      (before) =>
        `object != null && ${labels}.exists(key, key.startsWith('te') && key.endsWith('am')) || (${before})`,
    ),
    finds: finds(namespaces),
  },
  {
    ...one,
    name: 'A namespace with two labels that are the same',
    does: 'a tenant labels a namespace so, and as that of a service',
    change: validations(
      namespaces,
      (before) =>
        `object != null && ${labels}[?'eso-abac/service'].orValue('a') == ${labels}[?'service'].orValue('b') || (${before})`,
    ),
    finds: finds(namespaces),
  },
];
