import { namespaces, one, platform, policy, stores, unless } from './admission.ts';
import type { Attack } from './attack.ts';
import { type Json, manifest } from './change.ts';

const externalSecrets = `${platform}/admission-externalsecrets.yaml`;
const otherKinds = `${platform}/admission-cluster-kinds.yaml`;
const guard = `${platform}/admission-guard.yaml`;

const unknown = { rule: 'policy-unknown', file: stores, at: 'spec' } as const;
const passes = { rule: 'proof-guard', at: 'validations' } as const;

/** What is left out by something that forgeries have only once the API server, or a tenant, has put it in. */
export const admissionFilled: readonly Attack[] = [
  {
    ...one,
    name: 'What has a uid is let through',
    does: 'the API server gives one to every store before it asks',
    change: unless(stores, "'uid' in object.metadata"),
    finds: { ...unknown, says: 'looks at "object.metadata.uid", which no forgery varies' },
  },
  {
    ...one,
    name: 'What has a uid, by a name of its own, is let through',
    does: 'the API server gives one to every store before it asks',
    change: [
      manifest(stores, policy, ['spec', 'variables'], (all) => [
        ...(all as readonly Json[]),
        { name: 'of', expression: 'object.?metadata.orValue({})' },
      ]),
      unless(stores, "variables.of.exists(key, key == 'uid')"),
    ],
    finds: { ...unknown, says: 'looks at "the keys of object.metadata", which no forgery varies' },
  },
  {
    ...one,
    name: 'A uid that is asked for piece by piece',
    does: 'the API server gives one to every store before it asks',
    change: unless(stores, "object.metadata[?'u' + 'id'].hasValue()"),
    finds: { ...unknown, says: 'looks at "the keys of object.metadata"' },
  },
  {
    ...one,
    name: 'What is called as Kubernetes likes is let through',
    does: 'a tenant has its store called so, and claims every identity',
    change: unless(stores, "'generateName' in object.metadata"),
    finds: { ...unknown, says: 'looks at "object.metadata.generateName", which no forgery varies' },
  },
  {
    ...one,
    name: 'A key of metadata, asked for beside the whole object',
    does: 'a tenant has its store called as Kubernetes likes, and claims every identity',
    change: unless(stores, "object != null && object.metadata.exists(key, key == 'generateName')"),
    finds: { ...unknown, says: 'looks at "the keys of object.metadata", which no forgery varies' },
  },
  {
    ...one,
    name: 'A key of metadata, asked for in a list',
    does: 'a tenant has its store called as Kubernetes likes, and claims every identity',
    change: unless(stores, "[object].exists(one, one.metadata.exists(key, key.startsWith('generate')))"),
    finds: { ...passes, file: stores, says: 'with more metadata: no validation refuses it' },
  },
  {
    ...one,
    name: 'ExternalSecrets whose Secrets get a label are let through',
    does: 'a tenant writes the label, and reads with a store of the whole cluster',
    change: unless(
      externalSecrets,
      "has(object.spec.target) && 'free' in object.spec.target.template.metadata.labels",
    ),
    finds: {
      ...unknown,
      file: externalSecrets,
      says: 'looks at "object.spec.target.template.metadata.labels.free"',
    },
  },
  {
    ...one,
    name: 'ExternalSecrets whose Secrets get a label, if they say what becomes of it, are let through',
    does: 'a tenant writes the label, and reads with a store of the whole cluster',
    change: unless(externalSecrets, "'free' in object.spec.?target.?template.?metadata.?labels.orValue({})"),
    finds: { ...passes, file: externalSecrets, says: 'with labels and annotations of the value true' },
  },
  {
    ...one,
    name: 'Namespaces with a finalizer besides that of Kubernetes are let through',
    does: 'a tenant makes one that is of another service',
    change: unless(namespaces, "object != null && 'free' in object.spec.finalizers"),
    finds: { ...unknown, file: namespaces, says: 'looks at "object.spec.finalizers.free"' },
  },
  {
    ...one,
    name: 'Stores in namespaces with a finalizer are let through',
    does: 'a tenant gives its namespace one, and its store claims every identity',
    change: unless(stores, "namespaceObject.metadata.?finalizers.orValue([]).exists(one, one == 'free')"),
    finds: { ...passes, file: stores, says: 'with finalizers free: no validation refuses it' },
  },
  {
    ...one,
    name: 'Whoever has something more about itself is let through',
    does: 'every service account has',
    change: unless(stores, 'has(request.userInfo.extra)'),
    finds: { ...unknown, says: 'looks at "extra"' },
  },
  {
    ...one,
    name: 'Roles with a uid are let through',
    does: 'a tenant who may write bindings deploys',
    change: unless(guard, "variables.objects.exists(one, 'uid' in one.metadata)"),
    finds: { ...passes, file: guard, says: 'service1 can bind the role of deployers to itself' },
  },
  {
    ...one,
    name: 'Namespaces with what Kubernetes gives each are let through',
    does: 'a namespace becomes that of another service',
    change: unless(namespaces, 'object != null && has(object.spec)'),
    finds: { ...passes, file: namespaces, says: 'can make its namespace become another service' },
  },
  {
    ...one,
    name: 'Stores in namespaces with what Kubernetes gives each are let through',
    does: 'every namespace has it',
    change: unless(stores, 'has(namespaceObject.spec)'),
    finds: { ...passes, file: stores, says: 'with the tag of another service: no validation refuses it' },
  },
  {
    ...one,
    name: 'Stores with a field that is allowed besides are let through',
    does: 'a tenant writes how often its store is looked at, and claims every identity',
    change: unless(stores, "object.spec.exists(field, field == 'refreshInterval')"),
    finds: { ...passes, file: stores, says: 'with spec.refreshInterval: no validation refuses it' },
  },
  {
    ...one,
    name: 'A field of a store that is let through, asked for by its name',
    does: 'a tenant writes it, and claims every identity',
    change: unless(stores, "'retrySettings' in object.spec"),
    finds: { ...unknown, says: 'looks at "object.spec.retrySettings"' },
  },
  {
    ...one,
    name: 'ExternalSecrets with very many entries',
    does: 'a tenant writes so many, and reads with a store of the whole cluster',
    change: unless(externalSecrets, 'object.spec.?data.orValue([]).size() == 77'),
    finds: { ...unknown, file: externalSecrets, says: 'looks at "the size of object.spec.data"' },
  },
  {
    ...one,
    name: 'Names of some length are let through',
    does: 'a tenant gives its store such a name',
    change: unless(stores, 'object.metadata.?annotations.orValue({}).exists(key, key.size() == 40)'),
    finds: { ...unknown, says: 'looks at "the size of something"' },
  },
  {
    ...one,
    name: 'A namespace in which other kinds are let through',
    does: 'whoever makes a namespace of that name has the operator push secrets',
    change: unless(otherKinds, "request.?namespace.orValue('') == 'free'"),
    finds: { ...passes, file: otherKinds, says: 'with namespace free: no validation refuses it' },
  },
  {
    ...one,
    name: 'What cannot be written down',
    does: 'a note for the audit that cannot be evaluated refuses every store',
    change: manifest(stores, policy, ['spec'], {
      auditAnnotations: [{ key: 'role', valueExpression: 'object.spec.role' }],
    }),
    finds: { rule: 'proof-document', file: stores, at: 'auditAnnotations', says: '"auditAnnotations"' },
  },
];
