import type { CaseContext } from '../counterexample.ts';
import type { DistSecret } from '../files/model.ts';
import { splitArn } from '../iam/arn.ts';
import { evaluate } from '../iam/evaluate.ts';
import type { Decision, Session } from '../iam/model.ts';
import { decryptRequest, policiesOf, tagContext } from '../iam/requests.ts';
import {
  allowEverybody,
  decide,
  decryptAction,
  isDenied,
  type Resource,
  readActions,
} from '../questions/requests.ts';
import { policiesFor } from '../questions/secrets.ts';
import { tagValue } from '../questions/sessions.ts';
import { Shapes } from './shapes.ts';

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

/** What every request of the operator says, of the keys that depend on how a request is made. */
export const usualContext: CaseContext = {
  'aws:securetransport': 'true',
  'aws:multifactorauthpresent': null,
  'secretsmanager:versionid': null,
  'secretsmanager:versionstage': 'AWSCURRENT',
};

/** Values of a tag that are few enough to be part of a shape. */
const fewValues = 12;

/**
 * Decides sessions and secrets of one access role, each shape once: sessions and secrets of the same shapes, with tags
 * equal in the same places, are the same to every policy.
 */
export class Decisions {
  readonly shapes: Shapes;
  /** By the shapes of a session and a secret, and the places in which they are equal. */
  private readonly known = new Map<string, Map<string, Map<string, Access>>>();
  private readonly joined: readonly { readonly secretTag: string; readonly sessionTag: string }[];
  private readonly byShape = new Set<string>();

  /** @param secrets every secret there is; their tags decide which values are few */
  constructor(role: Session['role'], secrets: readonly DistSecret[]) {
    this.shapes = new Shapes(policiesFor(role));
    const values = new Map<string, Set<string>>();
    for (const { tags } of secrets) {
      for (const { key, value } of tags) {
        const lower = key.toLowerCase();
        const known = values.get(lower) ?? new Set();
        values.set(lower, known.add(value));
      }
    }
    const isFew = (key: string) => (values.get(key)?.size ?? 0) <= fewValues;
    for (const { secretTag, sessionTag } of this.shapes.equalities) {
      if (isFew(secretTag)) this.byShape.add(secretTag).add(sessionTag);
    }
    this.joined = this.shapes.equalities.filter(({ secretTag }) => !isFew(secretTag));
  }

  /** What of a session can make a difference, besides values of tags that are compared one by one. */
  sessionShape({ role, policies, tags }: Session): string {
    const few = this.fewOf(tags);
    return JSON.stringify([role.arn, policies?.length ?? 0, this.tagShape(['aws:principaltag'], tags), few]);
  }

  /** The same of a secret. What else its requests say is the same for all secrets of an account and region. */
  secretShape({ account, region, kmsKey, tags }: DistSecret, arn: string): string {
    const shape = this.tagShape(['aws:resourcetag', 'secretsmanager:resourcetag'], tags);
    return JSON.stringify([account, region, kmsKey, shape, this.shapes.ofArn(arn), this.fewOf(tags)]);
  }

  private tagShape(prefixes: readonly string[], tags: Session['tags']): string {
    const { known, unclear } = tagContext(prefixes, tags);
    return this.shapes.ofContext({ context: known, unclear: new Set(unclear) });
  }

  private fewOf(tags: Session['tags']): (readonly [string, string])[] {
    const few = tags.filter(({ key }) => this.byShape.has(key.toLowerCase()));
    return few
      .map(({ key, value }) => [key.toLowerCase(), value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The places in which tags of a session and a secret are equal, and the keys by which to find such secrets. */
  equalPlaces(session: Session, secret: Pick<DistSecret, 'tags'>): string {
    return this.joined
      .map(({ secretTag, sessionTag }) => {
        const value = tagValue(session.tags, sessionTag);
        return value !== undefined && value === tagValue(secret.tags, secretTag) ? '1' : '0';
      })
      .join('');
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
    const keys = new Set(this.joined.map(({ secretTag }) => secretTag));
    return secret.tags.flatMap(({ key, value }) =>
      keys.has(key.toLowerCase()) ? [`${key.toLowerCase()}=${value}`] : [],
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

function inside<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
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

/** Keys of other accounts have policies of their own, which have to let the session in. They are taken to. */
export function decrypts(session: Session, secret: Resource, keyArn: string): Decision {
  const request = decryptRequest(session, secret, { arn: keyArn, tags: [] });
  const context = new Map([...request.context, ...Object.entries(usualContext)]);
  const isOurs = request.resourceAccount === session.principal.account;
  const policies = { ...policiesOf(session), ...(!isOurs && { resource: allowEverybody() }) };
  return evaluate({ ...request, context }, policies);
}

/** The ARN that a secret has: Secrets Manager appends six random characters, which no policy of a kind depends on. */
export function arnOf(secret: DistSecret, partition: string): string {
  return `arn:${partition}:secretsmanager:${secret.region}:${secret.account}:secret:${secret.name}-a1B2c3`;
}

/** The partition of an ARN. */
export function partitionOf(arn: string): string {
  return splitArn(arn)?.[1] ?? 'aws';
}
