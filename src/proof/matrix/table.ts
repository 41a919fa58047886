import type { DistSecret } from '../files/model.ts';
import type { Role, Session } from '../iam/model.ts';
import { measuredTags } from '../measured.ts';
import { type Access, accessOf, arnOf, Decisions, partitionOf, type SecretClass } from './decisions.ts';
import { inside } from './inside.ts';

/** A session's decision about a class of secrets. */
export interface Row {
  readonly secrets: readonly DistSecret[];
  readonly first: { readonly secret: DistSecret; readonly arn: string };
  readonly access: Access;
}

type GrowingClass = SecretClass & { readonly secrets: DistSecret[] };

/** The secrets of dist as the sessions of one access role see them. */
export class Table {
  private readonly decisions: Decisions;
  private readonly all: SecretClass[] = [];
  /** By the shape of secrets, and by their tags. */
  private readonly classes = new Map<string, Map<string, GrowingClass>>();
  private readonly sessionShapes = new Map<Session, string>();
  private readonly classOf = new Map<DistSecret, SecretClass>();
  private readonly index = new Map<string, SecretClass[]>();
  /** By the shape of sessions the shapes that are not known to be refused to all of them where no tag is equal. */
  private readonly open = new Map<string, Set<ReadonlyMap<string, SecretClass>>>();
  private readonly partition: string;
  private readonly isShort: boolean;
  private readonly isForeignWhereFar: boolean;

  constructor(role: Role, secrets: readonly DistSecret[], tagKeys: readonly string[], everyPair: boolean) {
    this.decisions = new Decisions(role, secrets);
    this.partition = partitionOf(role.arn);
    this.isShort = this.decisions.shapes.areUniform && !everyPair;
    this.isForeignWhereFar = this.decisions.areJoinedByOneOf(tagKeys);
    for (const secret of secrets) this.add(secret);
  }

  private add(secret: DistSecret): void {
    const arn = arnOf(secret, this.partition);
    const shape = this.decisions.secretShape(secret, arn);
    const alike = inside(this.classes, shape, () => new Map<string, GrowingClass>());
    const key = this.isShort ? measuredTags(secret.tags) : measuredTags(secret.tags) + arn;
    const known = alike.get(key);
    if (known !== undefined) {
      known.secrets.push(secret);
      this.classOf.set(secret, known);
      return;
    }
    const found = { shape, first: secret, arn, secrets: [secret] };
    this.classOf.set(secret, found);
    alike.set(key, found);
    this.all.push(found);
    for (const one of this.decisions.indexKeys(secret)) push(this.index, one, found);
  }

  /**
   * The short way: secrets that share a tag's value with the session one by one, of all others one for each shape. Those
   * that no session of a shape may read are left out where it is clear that they are not its own.
   */
  *rows(session: Session): Generator<Row> {
    if (!this.isShort) {
      for (const one of this.all) yield row(one, accessOf(session, one.first, one.arn));
      return;
    }
    const shape = this.sessionShape(session);
    const near = new Set<SecretClass>();
    for (const key of this.decisions.joinKeys(session))
      for (const one of this.index.get(key) ?? []) near.add(one);
    for (const one of near) yield row(one, this.decisions.access(session, shape, one));
    const open = this.open.get(shape) ?? new Set(this.classes.values());
    this.open.set(shape, open);
    for (const alike of open) {
      const far = outside(near, alike.values());
      if (far === undefined) continue;
      const access = this.decisions.access(session, shape, far);
      if (access.denied && this.isForeignWhereFar) open.delete(alike);
      else if (access.denied) yield row(far, access);
      else for (const one of alike.values()) if (!near.has(one)) yield row(one, access);
    }
  }

  access(session: Session, secret: DistSecret): Access {
    const own = this.classOf.get(secret);
    if (!this.isShort || own === undefined) return accessOf(session, secret, arnOf(secret, this.partition));
    return this.decisions.access(session, this.sessionShape(session), own);
  }

  private sessionShape(session: Session): string {
    const shape = this.sessionShapes.get(session) ?? this.decisions.sessionShape(session);
    this.sessionShapes.set(session, shape);
    return shape;
  }
}

function outside(near: ReadonlySet<SecretClass>, classes: Iterable<SecretClass>): SecretClass | undefined {
  for (const one of classes) if (!near.has(one)) return one;
  return undefined;
}

function row({ first, arn, secrets }: SecretClass, access: Access): Row {
  return { secrets, first: { secret: first, arn }, access };
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
