import type { Mapping } from '../files/store.ts';
import { mayClaim } from './authorizer.ts';
import { compile } from './cel.ts';
import { isAbout } from './matching.ts';
import type { AdmissionPolicy, AdmissionRequest, Attempt, Guard, Match, Selector } from './model.ts';
import { patched } from './requests.ts';

/** A request with one thing changed that a policy looks at. */
type Change = (request: AdmissionRequest, value: string) => AdmissionRequest | undefined;

/** Where no label says what a namespace may claim, its name is the tenant's to choose; nobody chooses one of Kubernetes. */
const renamed: Change = (request, value) => {
  if (request.namespaceObject === null || request.namespace !== 'sandbox' || /^kube-/.test(value))
    return undefined;
  const metadata = { name: value, labels: { 'kubernetes.io/metadata.name': value } };
  return {
    ...withObjects(request, { metadata: { namespace: value } }),
    namespace: value,
    namespaceObject: patched(request.namespaceObject, { metadata }),
  };
};

function inVersion(request: AdmissionRequest, version: string): AdmissionRequest | undefined {
  if (request.group !== 'external-secrets.io') return undefined;
  return { ...withObjects(request, { apiVersion: `${request.group}/${version}` }), version };
}

/**
 * What policies may look at, besides what forgeries vary, and how a tenant sets it. A policy that looks at one of these
 * is tried with every text that it compares anything with there.
 */
const changes: Readonly<Record<string, Change>> = {
  username: (request, username) => ({ ...request, user: { username, groups: ['system:authenticated'] } }),
  groups: (request, group) =>
    group === 'system:masters'
      ? undefined
      : { ...request, user: { ...request.user, groups: [...request.user.groups, group] } },
  name: (request, name) => {
    const { kind, object } = request;
    if (kind === 'ClusterRole' || kind === 'ClusterRoleBinding') return undefined;
    const spec =
      kind === 'ExternalSecret' && object !== null
        ? { spec: { secretStoreRef: { name }, target: { name } } }
        : {};
    return { ...withObjects(request, { metadata: { name }, ...spec }), name };
  },
  namespace: renamed,
  generateName: (request, generateName) => withObjects(request, { metadata: { generateName } }),
  version: (request, version) => (/^v\d/.test(version) ? inVersion(request, version) : undefined),
  apiVersion: (request, value) => {
    const [group, version = ''] = value.split('/');
    return group === request.group && request.operation === 'CREATE'
      ? inVersion(request, version)
      : undefined;
  },
  dryRun: (request) => ({ ...request, dryRun: true }),
  finalizers: (request, value) => withObjects(request, { metadata: { finalizers: [value] } }),
};

/** What forgeries vary: each is set in more than one way by one of them. */
const varied = new Set(
  `metadata labels annotations spec operation kind resource group subResource userInfo object oldObject
  provider aws service region role additionalRoles externalID sessionTags key value transitiveTagKeys sessionTagsPolicy
  auth jwt serviceAccountRef secretRef accessKeyIDSecretRef secretAccessKeySecretRef prefix secretsManager controller conditions
  secretStoreRef data dataFrom sourceRef storeRef generatorRef target creationPolicy template type templateFrom manifest
  roleRef rules apiGroups resources verbs subjects
  kubernetes.io/metadata.name`.split(/\s+/),
);

/** Fields that a policy looks at and no forgery varies: nothing is said about such a policy. */
export function uncovered(policy: AdmissionPolicy): string[] {
  const own = new Set(policy.variables.map(({ name }) => name));
  const fields = expressionsOf(policy).flatMap((looks) => [...looks.fields]);
  const isKnown = (field: string) =>
    own.has(field) || varied.has(field) || field in changes || /^(?:shared\.)?eso-abac\//.test(field);
  return [...new Set(fields)].filter((field) => !isKnown(field));
}

function expressionsOf({ conditions, variables, validations }: AdmissionPolicy) {
  return [...conditions, ...variables, ...validations].map(({ text: expression }) => compile(expression));
}

/** A request that differs from a forgery in something that a policy may look at. */
interface Variant {
  /** What is different, in words that follow the forgery's. */
  readonly how: string;
  readonly request: AdmissionRequest;
}

/** A forgery in every way that the policies may tell from others: by whom, of which name, with which labels. */
export function variantsOf({ request }: Attempt, guard: Guard): Variant[] {
  const policies = guard.policies.filter(({ match }) => isAbout(match, request));
  const variants = policies.flatMap((policy) => [
    ...[...looksOf(policy)].flatMap(([field, values]) => withField(request, field, values)),
    ...withEntries(request, policy),
    ...[policy.match, ...policy.bindings].flatMap((match) => besides(request, match)),
  ]);
  return variants.filter(
    ({ request: { user } }) => !isTrusted(user.username, guard) && !mayClaim(user, guard),
  );
}

function withField(request: AdmissionRequest, field: string, values: Iterable<string>): Variant[] {
  const change = Object.hasOwn(changes, field) ? changes[field] : undefined;
  return [...values].flatMap((value) => {
    const changed = change?.(request, value);
    return changed === undefined ? [] : [{ how: `with ${field} ${value}`, request: changed }];
  });
}

/** What the selectors and names of a policy or a binding leave out. */
function besides(request: AdmissionRequest, match: Match): Variant[] {
  const { namespaceSelector, objectSelector, rules = [], excluded } = match;
  const names = [...rules, ...excluded].flatMap(({ resourceNames }) => resourceNames);
  return [
    ...violations(namespaceSelector).flatMap((labels) => inNamespace(request, labels)),
    ...violations(objectSelector).map((labels) => ({
      how: `with ${labelWords(labels)}`,
      request: withObjects(request, { metadata: { labels } }),
    })),
    ...withField(request, 'name', names),
  ];
}

function labelWords(labels: Mapping): string {
  const words = Object.entries(labels).map(([key, value]) =>
    value === null ? `without the label ${key}` : `the label ${key}=${String(value)}`,
  );
  return words.join(', ');
}

/** What a policy compares a field with: texts that stand where the field does, be it by way of variables. */
function looksOf(policy: AdmissionPolicy): Map<string, Set<string>> {
  const variables = new Map(
    policy.variables.map(({ name, text: expression }) => [name, compile(expression)]),
  );
  const found = new Map<string, Set<string>>();
  const fieldsOf = (fields: Iterable<string>, seen: Set<string>): Set<string> => {
    for (const field of fields) {
      if (seen.has(field)) continue;
      seen.add(field);
      fieldsOf(variables.get(field)?.fields ?? [], seen);
    }
    return seen;
  };
  for (const looks of expressionsOf(policy))
    for (const field of fieldsOf(looks.fields, new Set()))
      found.set(field, new Set([...(found.get(field) ?? []), ...valuesOf(looks)]));
  return found;
}

/** The texts themselves, longer ones where a part is compared, and one that stands for all others, short and long. */
function valuesOf({ texts, parts }: ReturnType<typeof compile>): Set<string> {
  const longer = [...parts].flatMap((part) => [part, `${part}x`, `x${part}`]);
  return new Set([...texts, ...longer, 'x', 'x'.repeat(200)]);
}

/** Whoever runs in the operator's namespace is the operator. */
function isTrusted(username: string, { operatorNamespace }: Guard): boolean {
  return operatorNamespace !== '' && username.startsWith(`system:serviceaccount:${operatorNamespace}:`);
}

/**
 * Labels and annotations that mean nothing to the forgery itself, on the object and its namespace: every key that the
 * policy could ask for, all with the same value.
 */
function withEntries(request: AdmissionRequest, policy: AdmissionPolicy): Variant[] {
  const looks = expressionsOf(policy);
  if (!looks.some(({ fields }) => fields.has('labels') || fields.has('annotations'))) return [];
  const texts = new Set(looks.flatMap((one) => [...valuesOf(one), ...one.fields]));
  // The library takes a mapping with a key such as `constructor` for something else, and says so.
  const isKey = (key: string) =>
    !/^(?:shared\.)?eso-abac\/|^kubernetes\.io\//.test(key) && !(key in Object.prototype);
  const keys = [...texts].filter(isKey);
  return ['true', ...texts].map((value) => {
    const entries = Object.fromEntries(keys.map((key) => [key, value]));
    const patch = { metadata: { labels: entries, annotations: entries } };
    const { namespaceObject } = request;
    return {
      how: `with labels and annotations of the value ${value}`,
      request: {
        ...withObjects(request, patch),
        namespaceObject: namespaceObject && patched(namespaceObject, patch),
      },
    };
  });
}

function inNamespace(request: AdmissionRequest, labels: Mapping): Variant[] {
  const { 'kubernetes.io/metadata.name': name, ...others } = labels;
  if (Object.keys(others).some((key) => /^(?:shared\.)?eso-abac\//.test(key))) return [];
  const patch = { metadata: { labels: others } };
  const how = `in a namespace ${typeof name === 'string' ? name : `with ${labelWords(others)}`}`;
  const { namespaceObject, kind } = request;
  if (kind === 'Namespace') return [{ how, request: withObjects(request, patch) }];
  if (namespaceObject === null) return [];
  const labelled = { ...request, namespaceObject: patched(namespaceObject, patch) };
  const moved = typeof name === 'string' ? renamed(labelled, name) : labelled;
  return moved === undefined ? [] : [{ how, request: moved }];
}

/** Labels that each by itself keep a selector from selecting; null takes a label away. */
function violations({ matchLabels, matchExpressions }: Selector): Mapping[] {
  return [
    ...Object.keys(matchLabels).flatMap((key) => [{ [key]: null }, { [key]: 'x' }]),
    ...matchExpressions.flatMap(({ key, operator, values }): Mapping[] => {
      if (operator === 'In') return [{ [key]: null }, { [key]: 'x' }];
      if (operator === 'NotIn') return values.map((value) => ({ [key]: value }));
      return [{ [key]: operator === 'Exists' ? null : 'x' }];
    }),
  ];
}

/** A request whose objects have something more, before and after. */
function withObjects(request: AdmissionRequest, patch: Mapping): AdmissionRequest {
  const { object, oldObject } = request;
  return {
    ...request,
    object: object && patched(object, patch),
    oldObject: oldObject && patched(oldObject, patch),
  };
}
