import { resourceTests, type ValueTest, type ValueTests, valueTests } from '../cases/tests.ts';
import { CaseValues } from '../cases/values.ts';
import type { Answer, CaseContext, Failure } from '../counterexample.ts';
import type { Context, Decision, Policy, Role, Session } from '../iam/model.ts';
import type { Resource } from '../iam/requests.ts';
import { FailureList } from './failures.ts';
import { decide, distinctActions, isDenied, readActions, readCase, sessionContext } from './requests.ts';
import { arnValues, exampleArn, freeContexts } from './resources.ts';
import { sessionWith, tagValue } from './sessions.ts';
import { tagPairs } from './tag-pairs.ts';

/** An access role and what shall hold for its sessions. */
export interface SecretsQuestion {
  readonly role: Role;
  /** The tags that must be equal on session and secret. */
  readonly tagKeys: readonly string[];
}

/**
 * - `foreign`: a session reads a secret that does not carry the session's value of every tag
 * - `owner`: a statement denies a session a secret that carries its very tags
 * - `nothing`: no session can read any secret at all
 */
export type SecretsFailure = 'foreign' | 'owner' | 'nothing';

/**
 * Does some session of the role read some secret of its account that does not carry the same tags, or is it refused one
 * that does? Any secret that could exist, any tags that a session could have, whatever else the request says.
 *
 * @throws TooManyCases
 */
export function askAboutSecrets({ role, tagKeys }: SecretsQuestion): Answer<SecretsFailure> {
  const policies = policiesFor(role);
  const cases = new SecretCases(role, tagKeys, policies);
  const failures = new FailureList<SecretsFailure>();
  const actions = distinctActions(policies, readActions);
  let [count, anyRead] = [0, false];
  for (const { session, secret, contexts } of cases.all()) {
    for (const action of actions) {
      const decisions = contexts.map((context) => {
        count++;
        return { context, decision: decide(session, action, secret, context) };
      });
      const isOwner = ownsIt(session, secret, tagKeys);
      const isReal = isOwner && tagKeys.every((key) => tagValue(session.tags, key) !== '');
      if (isReal && decisions.some(({ decision }) => decision.allowed)) anyRead = true;
      const failure = isOwner
        ? blocked(session, action, secret, decisions, tagKeys)
        : foreign(session, action, secret, decisions);
      if (failure !== undefined) failures.add(failure);
    }
  }
  if (!anyRead) failures.add(nothingRead(cases));
  return { cases: count, failures: failures.all() };
}

/** Everything that binds a session's requests. Session policies and service control policies only take away. */
export function policiesFor(role: Role): Policy[] {
  return [...role.identity, ...(role.boundary ? [role.boundary] : []), ...(role.scps ?? []).flat()];
}

interface Decided {
  readonly context: CaseContext;
  readonly decision: Decision;
}

/** Whether session and secret carry each of the tags with the same value. */
export function ownsIt(session: Session, resource: Resource, tagKeys: readonly string[]): boolean {
  return tagKeys.every((key) => {
    const value = tagValue(session.tags, key);
    return value !== undefined && value === tagValue(resource.tags, key);
  });
}

function foreign(
  session: Session,
  action: string,
  secret: Resource,
  decided: readonly Decided[],
): Failure<'foreign'> | undefined {
  const found = decided.find(({ decision }) => !isDenied(decision));
  if (found === undefined) return undefined;
  const { context, decision } = found;
  return {
    kind: 'foreign',
    counterexample: readCase('denied', session, action, secret, { context }),
    decision,
  };
}

/** A Deny counts when no further condition key of the request would have kept it away, and nothing but the tags is there. */
function blocked(
  session: Session,
  action: string,
  secret: Resource,
  decided: readonly Decided[],
  tagKeys: readonly string[],
): Failure<'owner'> | undefined {
  const isPlain = [session.tags, secret.tags].every(
    (tags) => tags.length === tagKeys.length && tags.every(({ value }) => value !== ''),
  );
  const [first] = decided;
  if (!isPlain || first === undefined) return undefined;
  if (!decided.every(({ decision }) => decision.reason === 'explicit-deny')) return undefined;
  const { context, decision } = first;
  return {
    kind: 'owner',
    counterexample: readCase('allowed', session, action, secret, { context }),
    decision,
  };
}

function nothingRead({ role, tagKeys, anArn }: SecretCases): Failure<'nothing'> {
  const session = sessionWith(
    role,
    tagKeys.map((key) => ({ key, value: 'payments' })),
  );
  const resource = { arn: anArn, tags: session.tags };
  const [action] = readActions;
  const decision = decide(session, action, resource, {});
  return { kind: 'nothing', counterexample: readCase('allowed', session, action, resource), decision };
}

/** The secrets and contexts that the policies can tell apart. */
class SecretCases {
  readonly role: Role;
  readonly tagKeys: readonly string[];
  readonly anArn: string;
  private readonly values = new CaseValues();
  private readonly policies: readonly Policy[];
  private readonly tests: ValueTests;
  private readonly resources: readonly ValueTest[];

  constructor(role: Role, tagKeys: readonly string[], policies: readonly Policy[]) {
    this.role = role;
    this.tagKeys = tagKeys;
    this.anArn = exampleArn(role, 'secretsmanager', 'secret:');
    this.policies = policies;
    this.tests = valueTests(policies);
    this.resources = resourceTests(policies);
  }

  *all(): Generator<{ session: Session; secret: Resource; contexts: readonly CaseContext[] }> {
    const [action] = readActions;
    const question = { role: this.role, policies: this.policies, tests: this.tests, tagKeys: this.tagKeys };
    for (const pair of tagPairs({ ...question, action, arn: this.anArn }, this.values)) {
      const session = sessionWith(this.role, pair.session);
      const context = sessionContext(session);
      const contexts = freeContexts(this.tests, context, this.values);
      const arns = this.arns(context);
      for (const arn of arns) yield { session, secret: { arn, tags: pair.resource }, contexts };
    }
  }

  private arns(context: Context): readonly string[] {
    return arnValues(
      this.role,
      'secretsmanager',
      'secret:',
      this.resources,
      this.tests,
      context,
      this.values,
    );
  }
}
