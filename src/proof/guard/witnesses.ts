import { type Mapping, mapping } from '../files/store.ts';
import { mayClaim } from './authorizer.ts';
import { type Compiled, compile } from './cel.ts';
import { changeOf, changes, nameLabel, ownKey, renamed, withMoreMetadata, withObjects } from './changes.ts';
import { hasTooManyWays, inWaysOf, inWaysPast } from './conjunctions.ts';
import type { Refusal } from './decide.ts';
import { tagsOf } from './ground.ts';
import { isAbout } from './matching.ts';
import type { AdmissionPolicy, AdmissionRequest, Attempt, Guard, Match, Selector } from './model.ts';
import { patched } from './requests.ts';
import { uncoveredWholes } from './wholes.ts';

/** What forgeries vary: each is set in more than one way by one of them. */
const varied = new Set(
  `metadata labels annotations spec operation kind resource group subResource userInfo object oldObject
  provider aws service region role additionalRoles externalID sessionTags key value transitiveTagKeys sessionTagsPolicy
  auth jwt serviceAccountRef secretRef accessKeyIDSecretRef secretAccessKeySecretRef prefix secretsManager controller conditions
  secretStoreRef data dataFrom sourceRef storeRef generatorRef target creationPolicy template type templateFrom manifest
  roleRef rules apiGroups resources verbs subjects`.split(/\s+/),
);

/** Fields that a policy looks at and no forgery varies: nothing is said about such a policy. */
export function uncovered(policy: AdmissionPolicy): string[] {
  const own = new Set(policy.variables.map(({ name }) => name));
  const fields = expressionsOf(policy).flatMap((looks) => [...looks.fields]);
  const isVaried = (field: string) => own.has(field) || varied.has(field) || ownKey.test(field);
  const isKnown = (field: string) => isVaried(field) || changeOf(field) !== undefined;
  const joined = hasTooManyWays(policy) ? [moreThanTried] : [];
  const unknown = fields.filter((field) => !isKnown(field));
  return [...new Set([...unknown, ...uncoveredWholes(policy, isVaried), ...joined])];
}

/** What is said of policies that join more than is tried. */
export const moreThanTried = 'more that comes together than is tried';

function expressionsOf({ conditions, variables, validations }: AdmissionPolicy): Compiled[] {
  return [...conditions, ...variables, ...validations].map(({ text: expression }) => compile(expression));
}

/** A request that differs from a forgery in something that a policy may look at. */
interface Variant {
  /** What is different, in words that follow the forgery's. */
  readonly how: string;
  readonly request: AdmissionRequest;
}

/**
 * A forgery in every way that the policies may tell from others: by whom, of which name, with which labels.
 *
 * @param refusals what refuses it
 * @param real the service's object of its kind, if it has one
 */
export function variantsOf(
  { request }: Attempt,
  refusals: readonly Refusal[],
  guard: Guard,
  real?: Mapping,
): Variant[] {
  const policies = guard.policies.filter(({ match }) => isAbout(match, request));
  const variants = policies.flatMap((policy) => {
    const { values, entries, keys, isAboutMetadata } = looksOf(policy);
    const claimed = tagsOf(request.object ?? {}).map(({ value }) => value);
    return [
      ...(isAboutMetadata ? [{ how: 'with more metadata', request: withMoreMetadata(request) }] : []),
      ...[...values].flatMap(([field, texts]) =>
        texts.size > 0 && ownNames.has(field) ? withField(request, field, claimed) : [],
      ),
      ...(entries.length === 0
        ? []
        : claimed.map((value) => withEntries(request, entriesOf([value], value)))),
      ...keys.flatMap((key) => withKey(request, key)),
      ...[...values].flatMap(([field, texts]) => withField(request, field, texts)),
      ...entries.map((one) => withEntries(request, one)),
      ...(entries.length === 0 ? [] : withoutEntries(request)),
      ...inWaysOf(policy, request, real).map((one) => ({
        how: 'with all that a policy asks for at once',
        request: one,
      })),
      ...[policy.match, ...policy.bindings.map(({ match }) => match)].flatMap((match) =>
        besides(request, match),
      ),
    ];
  });
  const past = inWaysPast(refusals, request, real).map((one) => ({
    how: 'with all that policies ask for at once',
    request: one,
  }));
  return [...variants, ...past].filter(
    ({ request: { user } }) => !isTrusted(user.username, guard) && !mayClaim(user, guard),
  );
}

/** What a tenant may be called, and call its objects: like an identity, too. */
const ownNames = new Set(['name', 'username', 'groups']);

function withField(request: AdmissionRequest, field: string, values: Iterable<string>): Variant[] {
  const change = changeOf(field);
  return [...values].flatMap((value) => {
    const changed = change?.(request, value);
    const own = changed === undefined ? [] : [{ how: `with ${field} ${value}`, request: changed }];
    return field === 'name' && request.kind !== 'Namespace'
      ? [...own, ...inNamespace(request, { [nameLabel]: value })]
      : own;
  });
}

/** What the selectors and names of a policy or a binding leave out. */
function besides(request: AdmissionRequest, match: Match): Variant[] {
  const { namespaceSelector, objectSelector, rules = [], excluded } = match;
  const names = [...rules, ...excluded].flatMap(({ resourceNames }) => resourceNames);
  return [
    ...violations(namespaceSelector).flatMap((labels) => inNamespace(request, labels)),
    ...violations(objectSelector).map((labels) => ({
      how: labelWords(labels),
      request: withObjects(request, { metadata: { labels } }),
    })),
    ...withField(request, 'name', names),
  ];
}

function labelWords(labels: Mapping): string {
  const words = Object.entries(labels).map(([key, value]) =>
    value === null ? `without the label ${key}` : `with the label ${key}=${String(value)}`,
  );
  return words.join(', ');
}

/** What a policy looks at besides what forgeries vary. */
interface LooksOfPolicy {
  /** By field, what it is compared with. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  /** Labels and annotations: every key that the policy could ask for, all with the same value. */
  readonly entries: readonly Entries[];
  readonly isAboutMetadata: boolean;
  /** Names that fields may have, and that it could look for among all that there are. */
  readonly keys: readonly string[];
}

interface Entries {
  readonly value: string;
  readonly onObject: Added;
  /** As labels those that a tenant may set there: ours decide what a namespace may claim. */
  readonly onNamespace: Added;
}

const looksByPolicy = new WeakMap<AdmissionPolicy, LooksOfPolicy>();

function looksOf(policy: AdmissionPolicy): LooksOfPolicy {
  const known = looksByPolicy.get(policy) ?? {
    values: new Map(Object.keys(changes).map((field) => [field, comparedWith(policy, field)])),
    entries: entriesFor(policy),
    keys: keysFor(policy),
    isAboutMetadata: expressionsAbout(policy, 'metadata').length > 0,
  };
  looksByPolicy.set(policy, known);
  return known;
}

function comparedWith(policy: AdmissionPolicy, field: string): Set<string> {
  return new Set(expressionsAbout(policy, field).flatMap((looks) => [...valuesOf(looks)]));
}

function entriesFor(policy: AdmissionPolicy): Entries[] {
  const looks = ['labels', 'annotations'].flatMap((field) => expressionsAbout(policy, field));
  if (looks.length === 0) return [];
  const values = new Set(['true', ...looks.flatMap((one) => [...valuesOf(one)])]);
  const texts = [...new Set([...values, ...looks.flatMap((one) => [...one.fields])])];
  return [...values].map((value) => entriesOf(texts, value));
}

function entriesOf(texts: readonly string[], value: string): Entries {
  const keys = texts.filter((key) => keyPattern.test(key) && !meaningful.test(key));
  const freeKeys = keys.filter((key) => !ownKey.test(key));
  const mappingOf = (some: readonly string[]) => Object.fromEntries(some.map((key) => [key, value]));
  const all = mappingOf(keys);
  return { value, onObject: new Added(all, all), onNamespace: new Added(mappingOf(freeKeys), all) };
}

const macro = /\.(?:all|exists|exists_one|map|filter)\(/;

/** Forgeries have the fields that they vary anyway. */
function keysFor(policy: AdmissionPolicy): string[] {
  const looks = [...policy.conditions, ...policy.variables, ...policy.validations]
    .filter(({ text: expression }) => macro.test(expression))
    .flatMap(({ text: expression }) => [...valuesOf(compile(expression))]);
  return [...new Set(looks)].filter((key) => /^[a-z]\w{1,40}$/i.test(key) && !varied.has(key));
}

/** What can be the key of a label. Source: Kubernetes, "Labels and Selectors", syntax and character set. */
const keyPattern = /^(?:[a-z0-9.-]{1,253}\/)?[a-z0-9](?:[-\w.]{0,61}[a-z0-9])?$/i;
/** Keys that a forgery has for a reason: the name of a Namespace, and what makes a Secret a token of others. */
const meaningful = /^kubernetes\.io\/(?:metadata\.name$|service-account\.)/;

/** Expressions that look at a field, be it by way of variables that are no conditions. */
function expressionsAbout(policy: AdmissionPolicy, field: string): Compiled[] {
  const variables = new Map(
    policy.variables.map(({ name, text: expression }) => [name, compile(expression)]),
  );
  const isAboutField = ({ fields }: Compiled, seen: ReadonlySet<string>): boolean =>
    fields.has(field) ||
    [...fields].some((name) => {
      const variable = variables.get(name);
      if (variable === undefined || variable.isCondition || seen.has(name)) return false;
      return isAboutField(variable, new Set([...seen, name]));
    });
  return expressionsOf(policy).filter((looks) => isAboutField(looks, new Set()));
}

/** The texts themselves, longer ones where a part is compared, and one that stands for all others, short and long. */
function valuesOf({ texts, parts }: Compiled): Set<string> {
  const longer = [...parts].flatMap((part) => [part, `${part}x`, `x${part}`]);
  return new Set([...texts, ...longer, 'x', 'x'.repeat(200)]);
}

/** Whoever runs in the operator's namespace is the operator. */
function isTrusted(username: string, { operatorNamespace }: Guard): boolean {
  return operatorNamespace !== '' && username.startsWith(`system:serviceaccount:${operatorNamespace}:`);
}

/** One more field somewhere in the object, before and after: a tenant may write whatever the kind has. */
function withKey(request: AdmissionRequest, key: string): Variant[] {
  return pathsOf(request.object ?? request.oldObject ?? {}).map((path) => {
    const patch = path.reduceRight<Mapping>((inner, field) => ({ [field]: inner }), { [key]: 'x' });
    return { how: `with ${[...path, key].join('.')}`, request: withObjects(request, patch) };
  });
}

/** Where mappings stand in an object, itself included, without those that hold names. */
function pathsOf(object: Mapping): string[][] {
  const inner = Object.entries(object).filter(([field]) => !unlike.has(field));
  return [
    [],
    ...inner.flatMap(([field, value]) =>
      Object.keys(mapping(value)).length === 0 ? [] : pathsOf(mapping(value)).map((path) => [field, ...path]),
    ),
  ];
}

const unlike = new Set(['metadata', 'provider']);

/** Labels and annotations that mean nothing to the forgery itself, on the object, the Secret that it fills and its namespace. */
function withEntries(request: AdmissionRequest, entries: Entries): Variant {
  const { object, oldObject, namespaceObject, kind } = request;
  const added = kind === 'Namespace' ? entries.onNamespace : entries.onObject;
  const addedTo = (one: Mapping) =>
    kind === 'ExternalSecret' ? inTemplate(added.to(one), added) : added.to(one);
  return {
    how: `with labels and annotations of the value ${entries.value}`,
    request: {
      ...request,
      object: object && addedTo(object),
      oldObject: oldObject && addedTo(oldObject),
      namespaceObject: namespaceObject && entries.onNamespace.to(namespaceObject),
    },
  };
}

/** An ExternalSecret whose Secret has labels and annotations too. */
function inTemplate(object: Mapping, added: Added): Mapping {
  const spec = mapping(object.spec);
  const target = mapping(spec.target);
  return {
    ...object,
    spec: { ...spec, target: { ...target, template: added.to(mapping(target.template)) } },
  };
}

/** The labels of a Namespace say what it may claim. */
function withoutEntries(request: AdmissionRequest): Variant[] {
  const { kind, object, oldObject } = request;
  const { annotations } = mapping((object ?? oldObject)?.metadata);
  if (kind === 'Namespace' || Object.keys(mapping(annotations)).some((key) => meaningful.test(key)))
    return [];
  const metadata = { labels: null, annotations: null };
  return [{ how: 'without labels and annotations', request: withObjects(request, { metadata }) }];
}

/** Labels and annotations for objects. Those of the same metadata get the same ones: they are many, and forged often. */
class Added {
  private readonly known = new WeakMap<Mapping, Mapping>();

  constructor(
    private readonly labels: Mapping,
    private readonly annotations: Mapping,
  ) {}

  to(object: Mapping): Mapping {
    const metadata = mapping(object.metadata);
    const known = this.known.get(metadata) ?? {
      ...metadata,
      labels: { ...mapping(metadata.labels), ...this.labels },
      annotations: { ...mapping(metadata.annotations), ...this.annotations },
    };
    this.known.set(metadata, known);
    return { ...object, metadata: known };
  }
}

function inNamespace(request: AdmissionRequest, labels: Mapping): Variant[] {
  const { [nameLabel]: name, ...others } = labels;
  if (name !== undefined) {
    // Nobody can take this label away.
    const moved = typeof name === 'string' ? renamed(request, name) : undefined;
    return moved === undefined ? [] : [{ how: `in a namespace ${name}`, request: moved }];
  }
  if (Object.keys(others).some((key) => ownKey.test(key))) return [];
  const patch = { metadata: { labels: others } };
  const how = `in a namespace ${labelWords(others)}`;
  const { namespaceObject, kind } = request;
  if (kind === 'Namespace') return [{ how, request: withObjects(request, patch) }];
  if (namespaceObject === null) return [];
  return [{ how, request: { ...request, namespaceObject: patched(namespaceObject, patch) } }];
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
