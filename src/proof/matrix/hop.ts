import { globsOf, resourceTests, valueTests, variablesOf } from '../cases/tests.ts';
import { assumeRole, type Decide, decideSts, type StsAction } from '../iam/assume.ts';
import type { Assumed, Assumption, Caller, Decision, Policy, Role, Session, Tag } from '../iam/model.ts';
import { measured, measuredList } from '../measured.ts';
import { policiesFor } from '../questions/secrets.ts';
import { type Matcher, matcherOf } from '../witness/automaton.ts';

/**
 * The name that the SDK of AWS gives the operator's sessions, but for the time in it. It makes no difference to any policy
 * of ours.
 */
export const sessionName = 'aws-go-sdk-1735689600000000000';

/** What other releases of the operator and of the SDK call them. Nothing in dist says which it is. */
const otherNames = ['1735689600000000000', 'external-secrets-provider-aws'];

/** Asks the evaluator, with each name that a session may get: what is allowed under one alone counts as refused. */
export const decideNamed: Decide = (caller, action, assumption, role) => {
  const first = decideSts(caller, action, assumption, role);
  const identity = caller.type === 'session' ? caller.session.role.identity : [];
  if (!first.allowed || ![role.trust, ...identity].some(looksAtNames)) return first;
  const decisions = otherNames.map((name) =>
    decideSts(caller, action, { ...assumption, sessionName: name }, role),
  );
  return decisions.find(({ allowed }) => !allowed) ?? first;
};

function looksAtNames({ statements }: Policy): boolean {
  return statements.some(({ conditions }) => conditions.some(({ key }) => key === 'sts:rolesessionname'));
}

/** What policies can tell of the tags that a session passes on when it assumes a role. */
class PassedTags {
  private readonly exact: ReadonlySet<string>;
  private readonly matchers = new Map<string, readonly Matcher[]>();

  constructor(policies: readonly Policy[]) {
    const tests = valueTests(policies);
    const variables = [...[...tests.values()].flat(), ...resourceTests(policies)].flatMap(variablesOf);
    const compared = [...tests].filter(([, those]) => those.some((test) => variablesOf(test).length > 0));
    this.exact = new Set([...variables, ...compared.map(([key]) => key)]);
    for (const [key, those] of tests) {
      const globs = those.flatMap((test) => globsOf(test, new Map()));
      this.matchers.set(key, globs.map(matcherOf));
    }
  }

  /** A text that is equal where what is passed is the same to every policy. */
  alike({ tags, transitiveTagKeys, externalId }: Passed): string {
    let alike = `${tags.length};`;
    for (const tag of tags) alike += measured(tag.key) + this.answer(tag);
    return alike + measuredList(transitiveTagKeys) + (externalId === undefined ? '-' : `+${externalId}`);
  }

  /**
   * Two values of a tag with the same answer pass the same comparisons, and so are the same to every policy. Where a
   * variable is compared, the value itself counts. An empty value is none of its kind: AWS does not say what it means.
   */
  private answer({ key, value }: Tag): string {
    const name = `aws:requesttag/${key.toLowerCase()}`;
    if (value === '' || this.exact.has(name)) return `=${measured(value)}`;
    let answers = '';
    for (const matches of this.matchers.get(name) ?? []) answers += matches(value) ? '1' : '0';
    return `${answers};`;
  }
}

/** What a store passes when its session of the access role is made. */
export type Passed = Pick<Assumption, 'tags' | 'transitiveTagKeys' | 'externalId'>;

/** The step from one session to a session of the next role. */
export class Hop {
  private readonly caller: Caller;
  private readonly tags: PassedTags | undefined;
  private readonly known = new Map<string, Decide>();
  private plain: Assumed | undefined;

  /** @param eachByItself asks the policies about everything that is passed, also where no policy tells it apart */
  constructor(
    session: Session,
    private readonly role: Role,
    eachByItself: boolean,
  ) {
    this.caller = { type: 'session', session };
    const policies = [role.trust, ...policiesFor(session.role), ...(session.policies ?? [])];
    this.tags = eachByItself ? undefined : new PassedTags(policies);
  }

  /** What it is to go it. */
  step(passed: Passed): { caller: Caller; assumption: Assumption; role: Role } {
    return { caller: this.caller, assumption: { sessionName, ...passed }, role: this.role };
  }

  /** Goes it and passes nothing. */
  withoutTags(): Assumed {
    this.plain ??= this.with({ sessionName, tags: [], transitiveTagKeys: [] });
    return this.plain;
  }

  /** Goes it with tags. The policies are asked once about all that they cannot tell apart. */
  with(assumption: Assumption): Assumed {
    const decide = this.tags === undefined ? decideNamed : this.decidedAs(this.tags.alike(assumption));
    return assumeRole(this.caller, assumption, this.role, decide);
  }

  private decidedAs(alike: string): Decide {
    const known = this.known.get(alike) ?? decidingOnce();
    this.known.set(alike, known);
    return known;
  }
}

/** Asks the evaluator about the first assumption, and says the same of each further one. */
function decidingOnce(): Decide {
  const known = new Map<StsAction, Decision>();
  return (caller, action, assumption, role) => {
    const decision = known.get(action) ?? decideNamed(caller, action, assumption, role);
    known.set(action, decision);
    return decision;
  };
}
