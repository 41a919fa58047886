import type { CaseContext } from '../counterexample.ts';
import type { DistSecret } from '../files/model.ts';
import { splitArn } from '../iam/arn.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Decision, Request, Session } from '../iam/model.ts';
import { decryptRequest, type Resource } from '../iam/requests.ts';
import { measured } from '../measured.ts';
import { decide, decryptAction, isDenied, policiesOn, readActions } from '../questions/requests.ts';
import { policiesFor } from '../questions/secrets.ts';
import { tagValue } from '../questions/sessions.ts';
import { inside } from './inside.ts';
import { Shapes } from './shapes.ts';
import { TagShapes } from './tag-shapes.ts';

/** Secrets that no policy can tell apart: of one account and region, with the same tags and key, and ARNs alike. */
export interface SecretClass {
  readonly shape: string;
  readonly first: DistSecret;
  readonly arn: string;
  readonly secrets: readonly DistSecret[];
}

/** Whether a session may read a secret, as far as it matters. */
export interface Access {
  /** Read in every way that Secrets Manager offers, and decrypted. */
  readonly allowed: boolean;
  /** Refused in every way, for certain. */
  readonly denied: boolean;
  /** The first action that is not refused for certain, if there is one. */
  readonly leak?: ActionDecision;
  /** The first action that is not allowed, if there is one. */
  readonly lack?: ActionDecision;
}

/** What was decided about one action. */
export interface ActionDecision {
  readonly action: string;
  readonly decision: Decision;
}

/**
 * What every request of the operator says, of the keys that depend on how a request is made. What sessions that begin
 * without a second factor say of one is not documented.
 */
export const usualContext: CaseContext = {
  'aws:securetransport': 'true',
  'secretsmanager:versionid': null,
  'secretsmanager:versionstage': 'AWSCURRENT',
};

/** Values of a tag that are few enough to be part of a shape. */
const fewValues = 12;

/** What secrets of one account and region with one key have in common. */
interface Place {
  readonly shape: string;
  /** How the ARNs of its secrets begin. */
  readonly beginning: string;
  /** How all of them pass comparisons; undefined where that depends on the names. */
  readonly answers: string | undefined;
  /** Shapes of secrets, by how their ARNs pass comparisons and by the shapes of their tags. */
  readonly known: Map<string, Map<string, string>>;
}

/**
 * Decides sessions and secrets of one access role, each shape once: sessions and secrets of the same shapes, with tags
 * equal in the same places, are the same to every policy.
 */
export class Decisions {
  readonly shapes: Shapes;
  /** By the shapes of a session and a secret, and the places in which they are equal. */
  private readonly known = new Map<string, Map<string, Map<string, Access>>>();
  private readonly joined: readonly { readonly secretTag: string; readonly sessionTag: string }[];
  private readonly indexed: ReadonlySet<string>;
  private readonly ofSessions: TagShapes;
  private readonly ofSecrets: TagShapes;
  private readonly places = new Map<string, Place>();

  /** @param secrets every secret there is; their tags decide which values are few */
  constructor(
    private readonly role: Session['role'],
    secrets: readonly DistSecret[],
  ) {
    this.shapes = new Shapes(policiesFor(role));
    const { equalities } = this.shapes;
    const many = keysOfManyValues(secrets, new Set(equalities.map(({ secretTag }) => secretTag)));
    this.joined = equalities.filter(({ secretTag }) => many.has(secretTag));
    this.indexed = new Set(this.joined.map(({ secretTag }) => secretTag));
    const few = equalities.filter(({ secretTag }) => !many.has(secretTag));
    const byValue = new Set(few.flatMap(({ secretTag, sessionTag }) => [secretTag, sessionTag]));
    this.ofSessions = new TagShapes(this.shapes, ['aws:principaltag'], byValue);
    this.ofSecrets = new TagShapes(this.shapes, ['aws:resourcetag', 'secretsmanager:resourcetag'], byValue);
  }

  /** What of a session can make a difference, besides values of tags that are compared one by one. */
  sessionShape({ role, policies, tags }: Session): string {
    return `${role.arn} ${policies?.length ?? 0} ${this.ofSessions.of(tags)}`;
  }

  /** The same of a secret. What else its requests say is the same for all secrets of an account and region. */
  secretShape(secret: DistSecret, arn: string): string {
    const { shape, beginning, answers, known } = this.placeOf(secret);
    const ofArn = answers !== undefined && arn.startsWith(beginning) ? answers : this.shapes.ofArn(arn);
    const ofTags = this.ofSecrets.of(secret.tags);
    const byTags = inside(known, ofArn, () => new Map<string, string>());
    return inside(byTags, ofTags, () => JSON.stringify([shape, ofArn, ofTags]));
  }

  private placeOf(secret: DistSecret): Place {
    const { account, region, kmsKey } = secret;
    const shape = measured(account) + measured(region) + (kmsKey === undefined ? '-' : `+${kmsKey}`);
    return inside(this.places, shape, () => {
      const beginning = arnBeginning(secret, partitionOf(this.role.arn));
      return { shape, beginning, answers: this.shapes.ofArnsFrom(beginning), known: new Map() };
    });
  }

  /** The places in which tags of a session and a secret are equal, and the keys by which to find such secrets. */
  equalPlaces(session: Session, secret: Pick<DistSecret, 'tags'>): string {
    let places = '';
    for (const { secretTag, sessionTag } of this.joined) {
      const value = tagValue(session.tags, sessionTag);
      places += value !== undefined && value === tagValue(secret.tags, secretTag) ? '1' : '0';
    }
    return places;
  }

  /** Whether one of these tags is among those that sessions and secrets have to share, to be found by its value. */
  areJoinedByOneOf(keys: readonly string[]): boolean {
    const lower = new Set(keys.map((key) => key.toLowerCase()));
    return this.joined.some(({ secretTag, sessionTag }) => secretTag === sessionTag && lower.has(secretTag));
  }

  /** The values by which a session finds the secrets that are equal to it somewhere: tag and value. */
  joinKeys(session: Session): string[] {
    return this.joined.flatMap(({ secretTag, sessionTag }) => {
      const value = tagValue(session.tags, sessionTag);
      return value === undefined ? [] : [`${secretTag}=${value}`];
    });
  }

  /** The values under which a secret is found. */
  indexKeys(secret: Pick<DistSecret, 'tags'>): string[] {
    return secret.tags.flatMap(({ key, value }) =>
      this.indexed.has(key.toLowerCase()) ? [`${key.toLowerCase()}=${value}`] : [],
    );
  }

  /** Whether a session may read a secret of a class. */
  access(session: Session, sessionShape: string, secret: SecretClass): Access {
    const bySecret = inside(this.known, sessionShape, () => new Map<string, Map<string, Access>>());
    const byPlaces = inside(bySecret, secret.shape, () => new Map<string, Access>());
    const places = this.equalPlaces(session, secret.first);
    return inside(byPlaces, places, () => accessOf(session, secret.first, secret.arn));
  }
}

/** Those of some tag keys, in lower case, with more values among the secrets than are part of a shape. */
function keysOfManyValues(secrets: readonly DistSecret[], keys: ReadonlySet<string>): Set<string> {
  const values = new Map([...keys].map((key) => [key, new Set<string>()]));
  for (const { tags } of secrets) {
    for (const { key, value } of tags) {
      const known = values.get(key) ?? values.get(key.toLowerCase());
      if (known !== undefined && known.size <= fewValues) known.add(value);
    }
  }
  return new Set([...keys].filter((key) => (values.get(key)?.size ?? 0) > fewValues));
}

/** Asks the evaluator, action by action. */
export function accessOf(session: Session, secret: DistSecret, arn: string): Access {
  const resource = { arn, tags: secret.tags };
  const decided: ActionDecision[] = readActions.map((action) => ({
    action,
    decision: decide(session, action, resource, usualContext),
  }));
  const leak = decided.find(({ decision }) => !isDenied(decision));
  if (secret.kmsKey !== undefined)
    decided.push({ action: decryptAction, decision: decrypts(session, resource, secret.kmsKey) });
  const lack = decided.find(({ decision }) => !decision.allowed);
  return {
    allowed: lack === undefined,
    denied: leak === undefined,
    ...(leak && { leak }),
    ...(lack && { lack }),
  };
}

/** Whether a session decrypts a secret with the key that it is encrypted with. */
export function decrypts(session: Session, secret: Resource, keyArn: string): Decision {
  const request = usualDecryptRequest(session, secret, { arn: keyArn, tags: [] });
  return evaluate(request, policiesOn(session, request));
}

/** What Secrets Manager asks of KMS for a session, as usually asked. */
export function usualDecryptRequest(session: Session, secret: Resource, key: Resource): Request {
  const request = decryptRequest(session, secret, key);
  return { ...request, context: new Map([...request.context, ...Object.entries(usualContext)]) };
}

/** The ARN that a secret has: Secrets Manager appends six random characters, which no policy of a kind depends on. */
export function arnOf(secret: DistSecret, partition: string): string {
  return `${arnBeginning(secret, partition)}${secret.name}-a1B2c3`;
}

/** How the ARNs of the secrets of a region begin. */
export function arnBeginning(
  { region, account }: Pick<DistSecret, 'region' | 'account'>,
  partition: string,
): string {
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:`;
}

/** The partition of an ARN. */
export function partitionOf(arn: string): string {
  return splitArn(arn)?.[1] ?? 'aws';
}
