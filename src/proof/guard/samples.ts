import type { PlainDocument } from '../files/plain-yaml.ts';
import { type Mapping, mapping, text } from '../files/store.ts';
import { literal } from '../literal.ts';
import { compile } from './cel.ts';
import type { Guard, Sample, Selector } from './model.ts';
import { type Compared, Follower, Outline } from './outline.ts';
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

  /** Whether the objects of a file are like those of another that was added. */
  knows(documents: readonly PlainDocument[]): boolean {
    const [claiming, secrets] = parted(documents, ({ object }) => object.kind);
    const kind = this.kindOf(claiming);
    const { count } = this.follower;
    return kind !== undefined && secrets.every((one) => this.isSecretOf(kind, one, count));
  }

  /** Finds it with the texts of the namespace and its stores seen. */
  private kindOf(claiming: readonly PlainDocument[]): Kind | undefined {
    return this.kinds.find(({ outline }) => this.follower.isAlike(claiming, outline, 0));
  }

  private isSecretOf({ secrets }: Kind, document: PlainDocument, count: number): boolean {
    return secrets.find((outline) => this.follower.isAlike([document], outline, count)) !== undefined;
  }

  /**
   * @param objects those of one file
   * @param documents what they were read from, if that is plain
   */
  add(file: string, objects: readonly Mapping[], documents?: readonly PlainDocument[]): void {
    const [claiming, externalSecrets] = parted(objects, ({ kind }) => kind);
    const [namespace, ...stores] = claiming;
    if (namespace?.kind !== 'Namespace') return;
    const [plain, plainSecrets] = parted(documents ?? [], ({ object }) => object.kind);
    const outline = new Outline(claiming, documents && plain, this.compared);
    const secrets = externalSecrets.map((object, index) => {
      const own = plainSecrets[index];
      return new Outline([object], own && [own], this.compared, outline);
    });
    if (documents !== undefined) this.remember(outline, secrets);
    const { shape } = outline;
    const secretShapes = secrets.map((one) => one.shape);
    const known = this.seen.get(shape);
    if (known !== undefined && secretShapes.every((one) => known.has(one))) return;
    this.take({
      file,
      namespace,
      stores,
      externalSecrets,
      shape,
      secretShapes,
      documents: new Map(
        objects.map((object, index) => [`${text(object.kind)} ${objectName(object)}`, index]),
      ),
      isAgain: false,
    });
  }

  private remember(outline: Outline, secrets: readonly Outline[]): void {
    const kind =
      this.kinds.find((one) => one.outline.shape === outline.shape) ??
      this.kinds.add({ outline, secrets: new Recent<Outline>() });
    for (const one of secrets)
      if (!kind.secrets.find(({ shape }) => shape === one.shape)) kind.secrets.add(one);
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

const comparedByGuard = new WeakMap<Guard, Compared>();

function comparedBy(guard: Guard): Compared {
  const compared = comparedByGuard.get(guard) ?? comparedIn(guard);
  comparedByGuard.set(guard, compared);
  return compared;
}

function comparedIn({ policies, grants }: Guard): Compared {
  // Which versions there are tells what requests policies are about.
  const texts = new Set<string>(['external-secrets.io/v1', 'external-secrets.io/v1beta1']);
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

/** The first Namespace with the SecretStores, and the ExternalSecrets. */
function parted<Item>(items: readonly Item[], kindOf: (item: Item) => unknown): [Item[], Item[]] {
  const of = (kind: string) => items.filter((item) => kindOf(item) === kind);
  return [[...of('Namespace').slice(0, 1), ...of('SecretStore')], of('ExternalSecret')];
}

/** The name of an object. */
export function objectName({ metadata }: Mapping): string {
  return text(mapping(metadata).name);
}
