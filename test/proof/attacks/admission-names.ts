import { condition, leftOut, namespaces, one, platform, policy, stores, unless } from './admission.ts';
import type { Attack } from './attack.ts';
import { type Change, type Json, manifest } from './change.ts';

const externalSecrets = `${platform}/admission-externalsecrets.yaml`;

const nameLabel = 'kubernetes.io/metadata.name';
const selecting = (file: string, field: string, ...matchExpressions: readonly Json[]): Change =>
  manifest(file, policy, ['spec', 'matchConstraints'], { [field]: { matchExpressions } });

const elsewhere =
  "in a namespace of no service, an ExternalSecret with the type of a service account's token";
const inFree = `${elsewhere}, in a namespace free`;
const notFree = { matchExpressions: [{ key: nameLabel, operator: 'NotIn', values: ['free'] }] };

/** ExternalSecrets that no namespace may hold, let through in one that is of no service: its name is a tenant's to choose. */
const ofSecrets: readonly (readonly [name: string, change: Change, says: string])[] = [
  [
    'Any ExternalSecret in a namespace of some name',
    unless(externalSecrets, "namespaceObject.metadata.name == 'free'"),
    `${inFree}: no validation refuses it`,
  ],
  [
    'Any ExternalSecret in a namespace of some beginning',
    unless(externalSecrets, "request.namespace.startsWith('free')"),
    `${elsewhere}, with namespace free: no validation refuses it`,
  ],
  [
    'Any ExternalSecret that says it is in one of some namespaces',
    unless(externalSecrets, "['free', 'open'].exists(name, object.metadata.?namespace.orValue('') == name)"),
    `${elsewhere}, with namespace free: no validation refuses it`,
  ],
  [
    'A condition that leaves out ExternalSecrets by the name of their namespace',
    condition(externalSecrets, "!(namespaceObject.metadata.name in ['free', 'open'])"),
    `${inFree}: the condition leaves it out`,
  ],
  [
    'A selector that leaves out ExternalSecrets by the name of their namespace',
    manifest(externalSecrets, policy, ['spec', 'matchConstraints'], { namespaceSelector: notFree }),
    `${inFree}: namespaceSelector leaves it out`,
  ],
  [
    'A binding that leaves out ExternalSecrets by the name of their namespace',
    manifest(externalSecrets, 'ValidatingAdmissionPolicyBinding', ['spec'], {
      matchResources: { namespaceSelector: notFree },
    }),
    `${inFree}: namespaceSelector leaves it out`,
  ],
  [
    'An ExternalSecret of some name in a namespace of no service',
    unless(externalSecrets, "!variables.isTenant && object.metadata.name == 'free'"),
    `${elsewhere}, with name free: no validation refuses it`,
  ],
  [
    'Any ExternalSecret of a group in a namespace of no service',
    unless(externalSecrets, "!variables.isTenant && 'free' in request.userInfo.groups"),
    `${elsewhere}, with groups free: no validation refuses it`,
  ],
];

/** What is left out by a name that a tenant may choose: of a namespace, or of a label. */
export const admissionNames: readonly Attack[] = [
  ...ofSecrets.map(
    ([name, change, says]): Attack => ({
      ...one,
      name,
      does: 'a tenant makes such a namespace, and gets the token of a service account there',
      change,
      finds: { rule: 'proof-guard', file: externalSecrets, at: '', says },
    }),
  ),
  {
    ...one,
    name: 'A namespace that may become any other',
    does: 'whoever makes a namespace of that name labels it as that of a service',
    change: selecting(namespaces, 'namespaceSelector', {
      key: nameLabel,
      operator: 'NotIn',
      values: ['free'],
    }),
    finds: {
      rule: 'proof-guard',
      file: namespaces,
      at: 'namespaceSelector',
      says: 'in a namespace free: namespaceSelector leaves it out',
    },
  },
  {
    ...one,
    name: 'A condition that leaves out a namespace that is made',
    does: 'whoever makes a namespace of that name labels it as that of a service',
    change: condition(namespaces, "request.namespace != 'free'"),
    finds: { ...leftOut, file: namespaces, says: 'with namespace free: the condition leaves it out' },
  },
  {
    ...one,
    name: 'A condition that leaves out a namespace by the label with its name',
    does: 'whoever makes a namespace of that name labels it as that of a service',
    change: condition(
      namespaces,
      `object == null || object.metadata.labels[?'${nameLabel}'].orValue('') != 'free'`,
    ),
    finds: { ...leftOut, file: namespaces, says: `with ${nameLabel} free: the condition leaves it out` },
  },
  {
    ...one,
    name: 'A condition that leaves out a namespace by its name',
    does: 'a store there is the operator',
    change: condition(stores, "namespaceObject.metadata.name != 'fr' + 'ee'"),
    finds: { ...leftOut, file: stores, says: 'in a namespace free: the condition leaves it out' },
  },
  {
    ...one,
    name: 'A label that every object of JavaScript seems to have',
    does: 'a tenant gives its store a label',
    change: condition(stores, "!('valueOf' in object.metadata.?labels.orValue({}))"),
    finds: { ...leftOut, file: stores, says: 'with labels and annotations of the value true' },
  },
  {
    ...one,
    name: 'A label that begins like one of Kubernetes',
    does: 'a tenant gives its store a label',
    change: condition(stores, "!('kubernetes.io/free' in object.metadata.?labels.orValue({}))"),
    finds: { ...leftOut, file: stores, says: 'with labels and annotations of the value true' },
  },
  {
    ...one,
    name: 'A condition that leaves out what has no label',
    does: 'a tenant gives its store no label',
    change: condition(stores, 'has(object.metadata.labels)'),
    finds: { ...leftOut, file: stores, says: 'without labels and annotations: the condition leaves it out' },
  },
  {
    ...one,
    name: 'A selector that asks for what every object of JavaScript seems to have',
    does: 'nothing judges SecretStores',
    change: selecting(stores, 'objectSelector', { key: 'valueOf', operator: 'Exists' }),
    finds: { rule: 'proof-guard', file: stores, at: 'objectSelector', says: 'objectSelector leaves it out' },
  },
];
