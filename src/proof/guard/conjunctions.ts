import { type Mapping, mapping } from '../files/store.ts';
import { compile } from './cel.ts';
import { changeOf, nameLabel, ownKey } from './changes.ts';
import type { Refusal } from './decide.ts';
import type { AdmissionPolicy, AdmissionRequest } from './model.ts';
import { patched } from './requests.ts';
import { few, product, tooMany, type Ways, type Wish, Wishes } from './wishes.ts';

const waysByPolicy = new WeakMap<AdmissionPolicy, Ways | 'too many'>();

/** Whether a policy joins more than is tried: nothing is said about it. */
export function hasTooManyWays(policy: AdmissionPolicy): boolean {
  return waysFor(policy) === 'too many';
}

/**
 * A request in each way in which all comparisons come out so that a condition fails or a validation holds, as far as a tenant
 * can have it so, and no others: what is left alone is in what the request differs from the real object, which makes it a
 * forgery.
 *
 * @param real undefined where no service has such an object
 */
export function inWaysOf(
  policy: AdmissionPolicy,
  request: AdmissionRequest,
  real: Mapping | undefined,
): AdmissionRequest[] {
  const ways = waysFor(policy);
  return ways === 'too many' ? [] : inEach(ways, request, real);
}

/**
 * The same past several validations that refuse a request: each of their policies has a condition that fails, or the validation
 * holds. Past one alone is one of the ways of its policy.
 */
export function inWaysPast(
  refusals: readonly Refusal[],
  request: AdmissionRequest,
  real: Mapping | undefined,
): AdmissionRequest[] {
  const ways = waysPastAll(refusals);
  return ways === 'too many' ? [] : inEach(ways, request, real);
}

/** Whether validations that refuse a request together join more than is tried. */
export function haveTooManyWays(refusals: readonly Refusal[]): boolean {
  return waysPastAll(refusals) === 'too many';
}

function waysPastAll(refusals: readonly Refusal[]): Ways | 'too many' {
  return refusals.length < 2 ? [] : unlessTooMany(() => refusals.map(waysPast).reduce(product, [[]]));
}

function waysPast({ policy, validation }: Refusal): Ways {
  return waysOf(policy, [policy.validations[validation]?.text ?? 'false']);
}

function inEach(ways: Ways, request: AdmissionRequest, real: Mapping | undefined): AdmissionRequest[] {
  return ways.flatMap((wishes) => {
    const changed = granted(wishes, request, real);
    return changed === request ? [] : [changed];
  });
}

function waysFor(policy: AdmissionPolicy): Ways | 'too many' {
  const { variables, validations } = policy;
  const texts = [...variables, ...validations].map(({ text }) => text);
  const ways = waysByPolicy.get(policy) ?? unlessTooMany(() => few(waysOf(policy, texts)));
  waysByPolicy.set(policy, ways);
  return ways;
}

function unlessTooMany(find: () => Ways): Ways | 'too many' {
  try {
    return find();
  } catch (problem) {
    if (problem !== tooMany) throw problem;
    return 'too many';
  }
}

/**
 * What tenants write as they like, of which a policy asks something that no request here is made for: how it lets a forgery
 * through, nothing says.
 */
export function unreadFields(policy: AdmissionPolicy): string[] {
  const wishes = wishesOf(policy);
  const validations = policy.validations.map(({ text }) => text);
  if (unlessTooMany(() => waysOf(policy, validations, wishes)) === 'too many') return [];
  const places = wishes.unreadPlaces().filter((place) => isTenants(place, policy));
  return [...new Set(places.map((place) => place.join('.')))];
}

/** Labels of namespaces, of which our own policies ask this, are forged otherwise. */
function isTenants(
  [root = '', field = '', part = '']: readonly string[],
  { match }: AdmissionPolicy,
): boolean {
  if (root === 'request') return ['userInfo', 'name', 'namespace'].includes(field);
  const isAboutNamespaces = match.rules?.some(({ resources }) => resources.includes('namespaces'));
  const isOfNamespace = root === 'namespaceObject' || isAboutNamespaces;
  const isOfObject = ['object', 'oldObject', 'namespaceObject'].includes(root) && field === 'metadata';
  return isOfObject && !(isOfNamespace && part === 'labels');
}

function wishesOf({ variables }: AdmissionPolicy): Wishes {
  return new Wishes(new Map(variables.map(({ name, text: expression }) => [name, expression])));
}

/** A request passes where a condition fails, or where validations hold. */
function waysOf(policy: AdmissionPolicy, toHold: readonly string[], wishes: Wishes = wishesOf(policy)): Ways {
  const wanted = [
    ...policy.conditions.map(({ text }) => [false, text] as const),
    ...toHold.map((text) => [true, text] as const),
  ];
  const all = wanted.flatMap(([holds, expression]) => {
    const { ast } = compile(expression);
    return ast === undefined ? [] : wishes.waysTo(holds, ast);
  });
  return [...new Map(all.map((wishes) => [JSON.stringify(wishes), wishes])).values()];
}

/** A request of which as many of the wishes hold as a tenant can have so; the very same where that changes nothing. */
function granted(
  wishes: readonly Wish[],
  request: AdmissionRequest,
  real: Mapping | undefined,
): AdmissionRequest {
  const places = new Map<string, Wish[]>();
  for (const wish of wishes) {
    const key = JSON.stringify(wish.path);
    places.set(key, [...(places.get(key) ?? []), wish]);
  }
  return [...places.values()].reduce((changed, own) => withText(changed, own, real), request);
}

function withText(
  request: AdmissionRequest,
  wishes: readonly Wish[],
  real: Mapping | undefined,
): AdmissionRequest {
  const [{ path } = { path: [] }] = wishes;
  const [root, ...fields] = path;
  const field = fields.at(-1) ?? '';
  const of = (part: Wish['part']) => wishes.flatMap((one) => (one.part === part ? [one.text] : []));
  const [whole] = of('whole');
  const isOther = wishes.every(({ part }) => part === 'other');
  const now = at(request, root === 'request' ? fields : path);
  if (wishes.every((wish) => isMet(wish, now))) return request;
  const value = isOther
    ? `${now}x`
    : (whole ?? ([...of('start'), ...of('middle'), ...of('end')].join('') || 'x'));
  if (root === 'request') {
    const values = field === 'groups' ? of('whole') : [value];
    return values.reduce((changed, one) => changeOf(field)?.(changed, one) ?? changed, request);
  }
  const isOfNamespace = root === 'namespaceObject' || request.kind === 'Namespace';
  // Keys by which a namespace claims something.
  if (isOfNamespace && ownKey.test(field)) return request;
  const own = ownField(isOfNamespace, fields);
  if (own !== undefined) return changeOf(own)?.(request, value) ?? request;
  if (fields.length < 2) return request;
  if (root !== 'object' && root !== 'oldObject' && root !== 'namespaceObject') return request;
  if (root !== 'namespaceObject' && at(request.object, fields) !== at(real, fields)) return request;
  const list = wishes.find((one) => one.list !== undefined)?.list;
  const { [root]: object } = request;
  if (object === null || !isFree(object, fields)) return request;
  const patch = fields.reduceRight<unknown>((inner, key) => ({ [key]: inner }), list ?? value);
  return { ...request, [root]: patched(object, patch as Mapping) };
}

function isMet({ part, text, list }: Wish, now: unknown): boolean {
  if (part === 'other') return now !== text;
  if (typeof now !== 'string' || list !== undefined) return false;
  if (part === 'start') return now.startsWith(text);
  if (part === 'middle') return now.includes(text);
  return part === 'end' ? now.endsWith(text) : part === 'any' || now === text;
}

/** What is not changed in an object alone: its name, where it is and in which version it is written. */
function ownField(isOfNamespace: boolean, fields: readonly string[]): string | undefined {
  const path = fields.join('.');
  if (path === 'metadata.name') return isOfNamespace ? 'namespace' : 'name';
  if (path === 'metadata.namespace') return 'namespace';
  if (path === 'apiVersion') return path;
  return isOfNamespace && fields.at(-1) === nameLabel ? nameLabel : undefined;
}

/** Whether there is a text or nothing, in mappings alone. */
function isFree(object: Mapping, fields: readonly string[]): boolean {
  const value = at(object, fields);
  const isInMappings = fields.every((_, index) => !Array.isArray(at(object, fields.slice(0, index))));
  return isInMappings && (value === undefined || typeof value === 'string');
}

function at(object: object | null | undefined, fields: readonly string[]): unknown {
  return fields.reduce<unknown>((inner, field) => mapping(inner)[field], object ?? undefined);
}
