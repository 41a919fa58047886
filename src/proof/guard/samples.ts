import { type Mapping, mapping, text } from '../files/store.ts';
import { literal } from '../literal.ts';
import { compile } from './cel.ts';
import type { Guard, Sample, Selector } from './model.ts';
import { type Compared, Follower, type Outline, outlineOf } from './outline.ts';
import { Recent } from './recent.ts';

/** Services with the same outline of Namespace and SecretStores, and the outlines of their ExternalSecrets. */
interface Kind {
  readonly outline: Outline;
  readonly secrets: Recent<Outline>;
}

/**
 * Collects the objects of services, of those that differ in names alone the first. Policies look at a text only by
 * comparing it with texts of theirs and with other texts of the request. So two services are alike when their objects
 * become the same, once each text is replaced by where it stood first, but for what policies compare it with.
 */
export class Samples {
  private readonly compared: Compared;
  private readonly follower: Follower;
  private readonly found: Sample[] = [];
  private readonly seen = new Map<string, Set<string>>();
  private readonly kinds = new Recent<Kind>();

  constructor(guard: Guard) {
    this.compared = comparedBy(guard);
    this.follower = new Follower(this.compared);
  }

  /** @param objects those of one file */
  add(file: string, objects: readonly Mapping[]): void {
    const of = (kind: string) => objects.filter((object) => object.kind === kind);
    const [namespace] = of('Namespace');
    if (namespace === undefined) return;
    const [stores, externalSecrets] = [of('SecretStore'), of('ExternalSecret')];
    const claiming = [namespace, ...stores];
    const kind = this.kinds.find(({ outline }) => this.follower.isAlike(claiming, outline, 0));
    const { texts } = this.follower;
    const isKnown = (object: Mapping) =>
      kind?.secrets.find((outline) => this.follower.isAlike([object], outline, texts)) !== undefined;
    const isNew = externalSecrets.map((object) => !isKnown(object));
    if (kind !== undefined && !isNew.includes(true)) return;
    const outline = outlineOf(claiming, this.compared);
    const secrets = externalSecrets.map((object) => outlineOf([object], this.compared, outline));
    const own = kind ?? this.kinds.add({ outline, secrets: new Recent<Outline>() });
    for (const [index, one] of secrets.entries()) if (isNew[index]) own.secrets.add(one);
    const { shape } = outline;
    const secretShapes = secrets.map((one) => one.shape);
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
