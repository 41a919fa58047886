import type { ASTNode } from '@marcbachmann/cel-js';
import { type Mapping, mapping } from '../files/store.ts';
import { compile } from './cel.ts';
import { changeOf, nameLabel, ownKey } from './changes.ts';
import type { Refusal } from './decide.ts';
import { isNode, operandsOf } from './looks.ts';
import type { AdmissionPolicy, AdmissionRequest } from './model.ts';
import { patched } from './requests.ts';

/** What has to be in a request for a comparison of a policy to hold: a text at a path, as a whole or in part. */
interface Wish {
  readonly path: readonly string[];
  readonly text: string;
  /** Where a whole list is compared. */
  readonly list?: readonly string[];
  /** What the text is of what is there: nothing of `any`, and not the whole of `other`. */
  readonly part: 'whole' | 'start' | 'middle' | 'end' | 'any' | 'other';
}

/** Wishes that belong together, and others by which an expression holds as well. */
type Ways = readonly (readonly Wish[])[];

/** More ways than any policy that people read has. */
const mostWays = 1000;
const tooMany = new Error('more ways than are tried');

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

function few(ways: Ways): Ways {
  if (ways.length > mostWays) throw tooMany;
  return ways;
}

/** A request passes where a condition fails, or where validations hold. */
function waysOf({ conditions, variables }: AdmissionPolicy, toHold: readonly string[]): Ways {
  const known = new Map(variables.map(({ name, text: expression }) => [name, expression]));
  const wanted = [
    ...conditions.map(({ text }) => [false, text] as const),
    ...toHold.map((text) => [true, text] as const),
  ];
  const all = wanted.flatMap(([holds, expression]) => {
    const { ast } = compile(expression);
    return ast === undefined ? [] : new Wishes(known).waysTo(holds, ast);
  });
  return [...new Map(all.map((wishes) => [JSON.stringify(wishes), wishes])).values()];
}

/** Finds out what makes the expressions of a policy hold, or fail. */
class Wishes {
  private depth = 0;
  /** What the names stand for by which macros call the keys of a mapping. */
  private readonly named = new Map<string, string | undefined>();

  constructor(private readonly variables: ReadonlyMap<string, string>) {}

  /** @param holds whether the node has to come to true; to false otherwise */
  waysTo(holds: boolean, node: ASTNode): Ways {
    const { op, args } = node;
    const operands = operandsOf(node);
    const [one, other, last] = operands;
    if (op === 'value') return args === !holds ? [] : [[]];
    if (op === '||' || op === '&&') {
      const ways = operands.map((operand) => this.waysTo(holds, operand));
      return holds === (op === '||') ? few(ways.flat()) : ways.reduce(product, [[]]);
    }
    if (op === '!_' && one !== undefined) return this.waysTo(!holds, one);
    const variable = this.variableOf(node);
    if (variable !== undefined) return this.inside(() => this.waysTo(holds, variable), [[]]);
    if (one === undefined || other === undefined) return holds ? this.asked(node) : [[]];
    if (op === '?:' && last !== undefined)
      return few([
        ...product(this.waysTo(true, one), this.waysTo(holds, other)),
        ...product(this.waysTo(false, one), this.waysTo(holds, last)),
      ]);
    if (op === '==' || op === '!=') return this.compared(one, other, holds === (op === '=='));
    if (op === 'in') return this.contained(one, other, holds);
    if (op === 'rcall' && (holds ? ['exists', 'exists_one'] : ['all']).includes(args[0]))
      return this.anyOf(holds, one, node);
    return holds ? this.asked(node) : [[]];
  }

  /** None where two texts are known and do not compare so; what nothing is known of may do as it is. */
  private compared(one: ASTNode, other: ASTNode, isEqual: boolean): Ways {
    if (isTruth(one)) return this.waysTo(isEqual === one.args, other);
    if (isTruth(other)) return this.waysTo(isEqual === other.args, one);
    const [text, otherText] = [this.textOf(one), this.textOf(other)];
    if (text !== undefined && otherText !== undefined) return (text === otherText) === isEqual ? [[]] : [];
    return this.at(one, other, isEqual) ?? this.at(other, one, isEqual) ?? [[]];
  }

  private at(place: ASTNode, value: ASTNode, isEqual: boolean): Ways | undefined {
    const path = this.pathOf(place);
    const found = this.textOf(value);
    if (path === undefined) return undefined;
    if (found !== undefined) return [[{ path, text: found, part: isEqual ? 'whole' : 'other' }]];
    if (!isEqual) return undefined;
    const list = value.op === 'list' ? operandsOf(value).flatMap((item) => this.textOf(item) ?? []) : [];
    if (list.length === 0 || list.length < operandsOf(value).length) return undefined;
    return [[{ path, text: '', list, part: 'whole' }]];
  }

  /** A text in a list that is written down, a key of a mapping, or one of several. */
  private contained(one: ASTNode, other: ASTNode, holds: boolean): Ways {
    if (other.op === 'list') {
      const ways = operandsOf(other).map((item) => this.compared(one, item, holds));
      return holds ? ways.flat() : ways.reduce(product, [[]]);
    }
    const [path, key] = [this.pathOf(other), this.textOf(one)];
    if (!holds || path === undefined || key === undefined) return [[]];
    return [[path.at(-1) === 'groups' ? { path, text: key, part: 'whole' } : isThere([...path, key])]];
  }

  /** What is there, or a text of which a part is compared. */
  private asked(node: ASTNode): Ways {
    const path = this.pathOf(node);
    if (path !== undefined) return path.join('.') === 'request.dryRun' ? [[isThere(path)]] : [[]];
    if (node.op !== 'call' && node.op !== 'rcall') return [[]];
    const [name] = node.args;
    const [of, first] = operandsOf(node);
    const place = of && this.pathOf(of);
    if (place === undefined) return [[]];
    if (name === 'has' || name === 'hasValue') return [[isThere(place)]];
    const part = parts[name];
    const text = first && this.textOf(first);
    return part === undefined || text === undefined ? [[]] : [[{ path: place, text, part }]];
  }

  /** Some key of a mapping, of those that the macro compares keys with. */
  private anyOf(holds: boolean, of: ASTNode, node: ASTNode): Ways {
    const [, name, predicate] = operandsOf(node);
    if (name?.op !== 'id' || predicate === undefined) return [[]];
    const waysWith = (text: string | undefined) => {
      this.named.set(name.args, text);
      const ways = this.waysTo(holds, predicate);
      this.named.delete(name.args);
      return ways;
    };
    if (of.op === 'list') return operandsOf(of).flatMap((item) => waysWith(this.textOf(item)));
    const path = this.pathOf(of);
    const keys = [...textsBeside(name.args, predicate)];
    if (path === undefined || keys.length === 0) return [[]];
    const withKey = (key: string) => product([[isThere([...path, key])]], waysWith(key));
    const ways = keys.flatMap(withKey);
    // Another key than those where it must be none of them.
    return ways.length > 0 ? ways : withKey('x');
  }

  private textOf({ op, args }: ASTNode): string | undefined {
    if (op === 'id') return this.named.get(args);
    return typeof args === 'string' ? args : undefined;
  }

  /** Where a node looks, once each variable is what it looks at. */
  private pathOf(node: ASTNode): readonly string[] | undefined {
    if (node.op === 'id') return this.named.has(node.args) ? undefined : [node.args];
    const variable = this.variableOf(node);
    if (variable !== undefined) return this.inside(() => this.pathOf(variable), undefined);
    const [one, other] = operandsOf(node);
    if (node.op === '.' || node.op === '.?') return longer(one && this.pathOf(one), node.args[1]);
    if (node.op === '[]' || node.op === '[?]')
      return longer(one && this.pathOf(one), other && this.textOf(other));
    if (node.op === 'rcall' && ['orValue', 'value'].includes(node.args[0])) return one && this.pathOf(one);
    if (node.op !== '?:') return undefined;
    return operandsOf(node)
      .slice(1)
      .map((branch) => this.pathOf(branch))
      .find((path) => path !== undefined);
  }

  private variableOf({ op, args }: ASTNode): ASTNode | undefined {
    if (op !== '.' || !isNode(args[0]) || args[0].op !== 'id' || args[0].args !== 'variables')
      return undefined;
    const expression = this.variables.get(args[1]);
    return expression === undefined ? undefined : compile(expression).ast;
  }

  /** A variable that looks at itself leads nowhere. */
  private inside<Found>(find: () => Found, none: Found): Found {
    if (this.depth > this.variables.size) return none;
    this.depth++;
    const found = find();
    this.depth--;
    return found;
  }
}

function isTruth(node: ASTNode): node is ASTNode & { readonly args: boolean } {
  return typeof node.args === 'boolean';
}

const parts: Readonly<Record<string, Wish['part']>> = {
  startsWith: 'start',
  contains: 'middle',
  endsWith: 'end',
};

function isThere(path: readonly string[]): Wish {
  return { path, text: '', part: 'any' };
}

/** Every text that is written down in a node, without those that fields of what the name stands for are compared with. */
function textsBeside(name: string, node: ASTNode): Set<string> {
  if (node.op === 'value') return new Set(typeof node.args === 'string' ? [node.args] : []);
  const operands = operandsOf(node);
  if (operands.some((operand) => isFieldOf(name, operand))) return new Set();
  return new Set(operands.flatMap((operand) => [...textsBeside(name, operand)]));
}

function isFieldOf(name: string, node: ASTNode): boolean {
  const [one] = operandsOf(node);
  if (one === undefined) return false;
  if (['.', '.?', '[]', '[?]'].includes(node.op) && one.op === 'id' && one.args === name) return true;
  return ['.', '.?', '[]', '[?]', 'rcall'].includes(node.op) && isFieldOf(name, one);
}

function longer(path: readonly string[] | undefined, field: string | undefined) {
  return path === undefined || field === undefined ? undefined : [...path, field];
}

function product(some: Ways, others: Ways): Ways {
  if (some.length * others.length > mostWays) throw tooMany;
  return some.flatMap((one) => others.map((other) => [...one, ...other]));
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
