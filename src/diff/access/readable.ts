import { grouped } from '../../grouped.ts';
import type { DistSecret } from '../../proof/files/model.ts';
import type { Role, Session } from '../../proof/iam/model.ts';
import {
  type Access,
  accessOf,
  arnOf,
  Decisions,
  partitionOf,
  type SecretClass,
} from '../../proof/matrix/decisions.ts';

/** A secret that a session may read, at least in part. */
export interface ReadableSecret {
  readonly secret: DistSecret;
  readonly access: Access;
}

/**
 * Which secrets the sessions of an access role may read. The work grows with what may be read and not with sessions
 * times secrets: secrets that share a tag's value with the session are found by that value, and all others are decided
 * once for each shape (src/proof/matrix says why that is enough).
 */
export class Readable {
  private readonly decisions: Decisions;
  private readonly all: readonly SecretClass[];
  private readonly byKey: ReadonlyMap<string, readonly { readonly one: SecretClass }[]>;
  private readonly byShape: ReadonlyMap<string, readonly SecretClass[]>;

  constructor(role: Role, secrets: readonly DistSecret[]) {
    this.decisions = new Decisions(role, secrets);
    const partition = partitionOf(role.arn);
    this.all = secrets.map((secret) => {
      const arn = arnOf(secret, partition);
      return { shape: this.decisions.secretShape(secret, arn), first: secret, arn, secrets: [secret] };
    });
    this.byShape = grouped(this.all, ({ shape }) => shape);
    const keyed = this.all.flatMap((one) => this.decisions.indexKeys(one.first).map((key) => ({ key, one })));
    this.byKey = grouped(keyed, ({ key }) => key);
  }

  /** The secrets that a session may read: wherever not every action of a read is refused for certain. */
  *of(session: Session): Generator<ReadableSecret> {
    if (!this.decisions.shapes.areUniform) {
      for (const one of this.all) yield* readable(one, accessOf(session, one.first, one.arn));
      return;
    }
    const shape = this.decisions.sessionShape(session);
    const keys = this.decisions.joinKeys(session);
    const near = new Set(keys.flatMap((key) => (this.byKey.get(key) ?? []).map(({ one }) => one)));
    for (const one of near) yield* readable(one, this.decisions.access(session, shape, one));
    for (const classes of this.byShape.values()) {
      const far = classes.find((one) => !near.has(one));
      if (far === undefined) continue;
      const access = this.decisions.access(session, shape, far);
      if (access.denied) continue;
      for (const one of classes) if (!near.has(one)) yield { secret: one.first, access };
    }
  }
}

function* readable({ first }: SecretClass, access: Access): Generator<ReadableSecret> {
  if (!access.denied) yield { secret: first, access };
}
