import type { ASTNode } from '@marcbachmann/cel-js';
import { compile } from './cel.ts';
import { everyLookOf, given, isNode, operandsOf } from './looks.ts';

/** What has to be in a request for a comparison of a policy to hold: a text at a path, as a whole or in part. */
export interface Wish {
  readonly path: readonly string[];
  readonly text: string;
  /** Where a whole list is compared. */
  readonly list?: readonly string[];
  /** What the text is of what is there: nothing of `any`, and not the whole of `other`. */
  readonly part: 'whole' | 'start' | 'middle' | 'end' | 'any' | 'other';
}

/** Wishes that belong together, and others by which an expression holds as well. */
export type Ways = readonly (readonly Wish[])[];

/** More ways than any policy that people read has. */
const mostWays = 1000;
export const tooMany = new Error('more ways than are tried');

/** Finds out what makes the expressions of a policy hold, or fail. */
export class Wishes {
  private depth = 0;
  /** What the names stand for by which macros call the keys of a mapping. */
  private readonly named = new Map<string, string | undefined>();
  /** What no wish stands for: how it comes out, it does as it is. */
  private readonly unread: ASTNode[] = [];

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
    if (one === undefined || other === undefined) return holds ? this.asked(node) : this.asItIs(node);
    if (op === '?:' && last !== undefined)
      return few([
        ...product(this.waysTo(true, one), this.waysTo(holds, other)),
        ...product(this.waysTo(false, one), this.waysTo(holds, last)),
      ]);
    if (op === '==' || op === '!=') return this.compared(one, other, holds === (op === '=='));
    if (op === 'in') return this.contained(one, other, holds);
    if (op === 'rcall' && (holds ? ['exists', 'exists_one'] : ['all']).includes(args[0]))
      return this.anyOf(holds, one, node);
    if (op === 'rcall' && args[0] === 'exists' && last !== undefined && asksForMore(last))
      return this.placesIn(one).some(isOfLabels) ? this.asItIs(node) : [[]];
    return holds ? this.asked(node) : this.asItIs(node);
  }

  /** Where it was looked so far in ways that no wish stands for. */
  unreadPlaces(): readonly (readonly string[])[] {
    return this.unread.flatMap((node) => this.placesIn(node));
  }

  private placesIn(node: ASTNode): readonly (readonly string[])[] {
    const places = everyLookOf(node).flatMap(({ path }) => {
      const [root, name = ''] = path;
      const { ast } = root === 'variables' ? compile(this.variables.get(name) ?? '') : {};
      return ast === undefined ? [path] : this.inside(() => this.placesIn(ast), []);
    });
    return [...places, ...this.fieldsIn(node)];
  }

  /** What is asked of the metadata of one of two objects, or of one in a list: no look begins at a name there. */
  private fieldsIn(node: ASTNode): readonly (readonly string[])[] {
    const path = asking.has(node.op) ? (this.pathOf(node) ?? fieldsOf(node)) : [];
    return path.includes('metadata')
      ? [ofObject(path)]
      : operandsOf(node).flatMap((one) => this.fieldsIn(one));
  }

  private asItIs(...nodes: readonly ASTNode[]): Ways {
    this.unread.push(...nodes);
    return [[]];
  }

  /** None where two texts are known and do not compare so; what nothing is known of may do as it is. */
  private compared(one: ASTNode, other: ASTNode, isEqual: boolean): Ways {
    if (isTruth(one)) return this.waysTo(isEqual === one.args, other);
    if (isTruth(other)) return this.waysTo(isEqual === other.args, one);
    const [text, otherText] = [this.textOf(one), this.textOf(other)];
    if (text !== undefined && otherText !== undefined) return (text === otherText) === isEqual ? [[]] : [];
    const way = this.at(one, other, isEqual) ?? this.at(other, one, isEqual);
    return way ?? (areForged(this.pathOf(one), this.pathOf(other)) ? [[]] : this.asItIs(one, other));
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
    if (!holds || path === undefined || key === undefined) return this.asItIs(one, other);
    return [[entryOf(path, key)]];
  }

  /** What is there, or a text of which a part is compared. */
  private asked(node: ASTNode): Ways {
    const path = this.pathOf(node);
    if (path?.join('.') === 'request.dryRun') return [[isThere(path)]];
    if (path !== undefined || (node.op !== 'call' && node.op !== 'rcall')) return this.asItIs(node);
    const [name] = node.args;
    const [of, first] = operandsOf(node);
    const place = of && this.pathOf(of);
    if (place === undefined) return this.asItIs(node);
    if (name === 'has' || name === 'hasValue') return [[isThere(place)]];
    const part = parts[name];
    const text = first && this.textOf(first);
    return part === undefined || text === undefined ? this.asItIs(node) : [[{ path: place, text, part }]];
  }

  /** Some key of a mapping, of those that the macro compares keys with. */
  private anyOf(holds: boolean, of: ASTNode, node: ASTNode): Ways {
    const [, name, predicate] = operandsOf(node);
    if (name?.op !== 'id' || predicate === undefined) return this.asItIs(node);
    const waysWith = (text: string | undefined) => {
      this.named.set(name.args, text);
      const ways = this.waysTo(holds, predicate);
      this.named.delete(name.args);
      return ways;
    };
    if (of.op === 'list') {
      const items = operandsOf(of);
      this.asItIs(...items.filter((item) => this.textOf(item) === undefined));
      return items.flatMap((item) => waysWith(this.textOf(item)));
    }
    const path = this.pathOf(of);
    const keys = [...textsBeside(name.args, predicate)];
    if (path === undefined || keys.length === 0) return this.asItIs(node);
    const withKey = (key: string) => product([[entryOf(path, key)]], waysWith(key));
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
    if (node.op !== '?:' || one === undefined) return undefined;
    const path = operandsOf(node)
      .slice(1)
      .map((branch) => this.pathOf(branch))
      .find((found) => found !== undefined);
    // Whether there is what the branch looks at, and nothing else.
    const isOfPath = (place: readonly string[]) => place.every((step, index) => step === path?.[index]);
    if (!this.placesIn(one).every(isOfPath)) this.asItIs(node);
    return path;
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

/** Places that are the same in some forgeries and not in others: what was there before, and the namespace of what is named. */
function areForged(one: readonly string[] = [], other: readonly string[] = []): boolean {
  const [root = '', ...rest] = one;
  const [otherRoot = '', ...otherRest] = other;
  const isOfObjects = [root, otherRoot].every((name) => name === 'object' || name === 'oldObject');
  if (isOfObjects) return rest.join('.') === otherRest.join('.');
  const isNamed = root === 'object' && rest[0] === 'spec' && rest.at(-1) === 'namespace';
  return isNamed && other.join('.') === 'request.namespace';
}

/** Labels are there in forgeries as well; annotations are not. */
function isOfLabels(place: readonly string[]): boolean {
  return place.includes('labels');
}

/** Whether something comes to true only by what is there: of nothing, it is false. */
function asksForMore(node: ASTNode): boolean {
  const { op, args } = node;
  const operands = operandsOf(node);
  if (op === '||' || op === '&&') return operands.every(asksForMore);
  if (op === '==') return operands.some((one) => one.op === 'value' && typeof one.args === 'string');
  return op === 'rcall' && Object.hasOwn(parts, args[0]);
}

/** A key of a mapping, or one of the groups. */
function entryOf(path: readonly string[], key: string): Wish {
  return path.at(-1) === 'groups' ? { path, text: key, part: 'whole' } : isThere([...path, key]);
}

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

const asking = new Set(['.', '.?', '[]', '[?]']);

function isFieldOf(name: string, node: ASTNode): boolean {
  const [one] = operandsOf(node);
  if (one === undefined) return false;
  if (asking.has(node.op) && one.op === 'id' && one.args === name) return true;
  return (asking.has(node.op) || node.op === 'rcall') && isFieldOf(name, one);
}

/** The names of the fields that are asked for one behind the other, whatever they are asked of. */
function fieldsOf({ op, args }: ASTNode): string[] {
  return op === '.' || op === '.?' ? [...fieldsOf(args[0]), args[1]] : [];
}

/** Nothing but objects has metadata. */
function ofObject(path: readonly string[]): readonly string[] {
  return given.has(path[0] ?? '') ? path : ['object', ...path.slice(path.indexOf('metadata'))];
}

function longer(path: readonly string[] | undefined, field: string | undefined) {
  return path === undefined || field === undefined ? undefined : [...path, field];
}

/**
 * Each of some ways together with each of others.
 *
 * @throws tooMany
 */
export function product(some: Ways, others: Ways): Ways {
  if (some.length * others.length > mostWays) throw tooMany;
  return some.flatMap((one) => others.map((other) => [...one, ...other]));
}

/**
 * The ways as they are.
 *
 * @throws tooMany
 */
export function few(ways: Ways): Ways {
  if (ways.length > mostWays) throw tooMany;
  return ways;
}
