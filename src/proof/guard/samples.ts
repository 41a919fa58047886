import { type Mapping, mapping, text } from '../files/store.ts';
import { literal } from '../literal.ts';
import { compile } from './cel.ts';
import type { Guard, Sample, Selector } from './model.ts';

/** What policies compare texts with: as a whole, or a part. */
interface Compared {
  readonly texts: ReadonlySet<string>;
  readonly parts: RegExp | undefined;
}

/**
 * Collects the objects of services, of those that differ in names alone the first. Policies look at a text only by
 * comparing it with texts of theirs and with other texts of the request. So two services are alike when their objects
 * become the same, once each text is replaced by where it stood first, but for what policies compare it with.
 */
export class Samples {
  private readonly compared: Compared;
  private readonly found: Sample[] = [];
  private readonly seen = new Map<string, Set<string>>();

  constructor(guard: Guard) {
    this.compared = comparedBy(guard);
  }

  /** @param objects those of one file */
  add(file: string, objects: readonly Mapping[]): void {
    const of = (kind: string) => objects.filter((object) => object.kind === kind);
    const [namespace] = of('Namespace');
    if (namespace === undefined) return;
    const shapes = new Shapes(this.compared);
    const [stores, externalSecrets] = [of('SecretStore'), of('ExternalSecret')];
    const shape = shapes.of([namespace, stores]);
    const secretShapes = externalSecrets.map((object) => shapes.copy().of(object));
    const known = this.seen.get(shape);
    if (known !== undefined && secretShapes.every((one) => known.has(one))) return;
    const documents = new Map(
      objects.map((object, index) => [`${text(object.kind)} ${objectName(object)}`, index]),
    );
    this.take({ file, namespace, stores, externalSecrets, shape, secretShapes, documents, isAgain: false });
  }

  /** Adds what another collection, with the same guard, has found. */
  take(sample: Sample): void {
    const { shape, secretShapes, externalSecrets } = sample;
    const isAgain = this.seen.has(shape);
    const known = this.seen.get(shape) ?? new Set<string>();
    this.seen.set(shape, known);
    const isNew = secretShapes.map((one) => !known.has(one) && known.add(one));
    const added = externalSecrets.filter((_, index) => isNew[index]);
    if (isAgain && added.length === 0) return;
    const addedShapes = secretShapes.filter((_, index) => isNew[index]);
    this.found.push({ ...sample, externalSecrets: added, secretShapes: addedShapes, isAgain });
  }

  all(): Sample[] {
    return this.found;
  }

  /** The versions of the operator's API in which the objects are written. */
  apiVersions(): string[] {
    const objects = this.found.flatMap(({ stores, externalSecrets }) => [...stores, ...externalSecrets]);
    return [...new Set(objects.map(({ apiVersion }) => text(apiVersion).replace(/^.*\//, '')))];
  }
}

/** Turns objects into texts that are equal when policies treat the objects alike. */
class Shapes {
  constructor(
    private readonly compared: Compared,
    private readonly classes = new Map<string, number>(),
  ) {}

  /** With the texts that were seen so far, for one object of several. */
  copy(): Shapes {
    return new Shapes(this.compared, new Map(this.classes));
  }

  of(value: unknown, field = ''): string {
    if (typeof value === 'string') return this.textShape(value);
    if (typeof value !== 'object' || value === null) return String(value);
    return Array.isArray(value) ? this.ofList(value, field) : this.ofMapping(value as Mapping, field);
  }

  private ofList(items: readonly unknown[], field: string): string {
    const shapes = items.map((item) => this.of(item));
    // Of entries that are alike one is enough: no forgery and no policy of ours counts them.
    const isSet = (field === 'data' || field === 'dataFrom') && shapes.length > 1;
    return `[${(isSet ? [...new Set(shapes)] : shapes).join()}]`;
  }

  /** This is done for every object of dist, so that it makes no lists on the way. */
  private ofMapping(value: Mapping, field: string): string {
    const isNamed = field === 'labels' || field === 'annotations' || field === 'data';
    let shape = '{';
    for (const key of Object.keys(value))
      shape += `${isNamed ? this.textShape(key) : key}:${this.of(value[key], key)},`;
    return `${shape}}`;
  }

  private textShape(value: string): string {
    const { texts, parts } = this.compared;
    if (texts.has(value)) return JSON.stringify(value);
    if (parts === undefined || this.classes.has(value) || value.search(parts) === -1)
      return this.classOf(value);
    let shape = '';
    let from = 0;
    for (const { 0: part, index } of value.matchAll(parts)) {
      shape += this.classOf(value.slice(from, index)) + JSON.stringify(part);
      from = index + part.length;
    }
    return shape + this.classOf(value.slice(from));
  }

  private classOf(value: string): string {
    if (value === '') return '';
    const known = this.classes.get(value) ?? this.classes.size;
    this.classes.set(value, known);
    return `#${known}`;
  }
}

function comparedBy({ policies, grants }: Guard): Compared {
  const texts = new Set<string>();
  const parts = new Set<string>();
  const select = ({ matchLabels, matchExpressions }: Selector) => {
    for (const [key, value] of Object.entries(matchLabels)) texts.add(key).add(value);
    for (const { key, values } of matchExpressions) for (const one of [key, ...values]) texts.add(one);
  };
  for (const { match, bindings, conditions, variables, validations } of policies) {
    for (const { namespaceSelector, objectSelector, rules = [], excluded } of [
      match,
      ...bindings.map((binding) => binding.match),
    ]) {
      select(namespaceSelector);
      select(objectSelector);
      for (const { resourceNames } of [...rules, ...excluded])
        for (const name of resourceNames) texts.add(name);
    }
    for (const { text: expression } of [...conditions, ...variables, ...validations]) {
      const looks = compile(expression);
      for (const one of looks.texts) texts.add(one);
      for (const one of looks.parts) parts.add(one);
    }
  }
  for (const { subject } of grants) texts.add(subject.namespace).add(subject.name.split(':')[2] ?? '');
  parts.delete('');
  const alternatives = [...parts].sort((a, b) => b.length - a.length).map(literal);
  return { texts, parts: alternatives.length === 0 ? undefined : new RegExp(alternatives.join('|'), 'g') };
}

/** The name of an object. */
export function objectName({ metadata }: Mapping): string {
  return text(mapping(metadata).name);
}
