import { globsOf, resourceTests, valueTests, variablesOf } from '../cases/tests.ts';
import { assumeRole, type Decide, decideSts } from '../iam/assume.ts';
import type { Assumed, Assumption, Caller, Decision, Policy, Role, Session, Tag } from '../iam/model.ts';
import { policiesFor } from '../questions/secrets.ts';
import { type Matcher, matcherOf } from '../witness/automaton.ts';

/** The name that the operator gives its sessions makes no difference to any policy of ours. */
export const sessionName = 'external-secrets-provider-aws';

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

  /**
   * Two values of a tag with the same answer pass the same comparisons, and so are the same to every policy. Where a
   * variable is compared, the value itself counts. An empty value is none of its kind: AWS does not say what it means.
   */
  answer({ key, value }: Tag): string {
    const name = `aws:requesttag/${key.toLowerCase()}`;
    if (value === '' || this.exact.has(name)) return `=${value}`;
    return (this.matchers.get(name) ?? []).map((matches) => (matches(value) ? '1' : '0')).join('');
  }
}

/** What a store passes when its session of the access role is made. */
export type Passed = Pick<Assumption, 'tags' | 'transitiveTagKeys' | 'externalId'>;

/** The step from one session to a session of the next role. */
export class Hop {
  private readonly session: Session;
  private readonly role: Role;
  private readonly tags: PassedTags | undefined;
  private readonly known = new Map<string, Decision>();
  private plain: Assumed | undefined;

  /** @param eachByItself asks the policies about everything that is passed, also where no policy tells it apart */
  constructor(session: Session, role: Role, eachByItself: boolean) {
    this.session = session;
    this.role = role;
    const policies = [role.trust, ...policiesFor(session.role), ...(session.policies ?? [])];
    this.tags = eachByItself ? undefined : new PassedTags(policies);
  }

  /** Goes it and passes nothing. */
  withoutTags(): Assumed {
    this.plain ??= this.with({ tags: [], transitiveTagKeys: [] });
    return this.plain;
  }

  /** Goes it with tags. The policies are asked once about all that they cannot tell apart. */
  with(passed: Passed): Assumed {
    const caller: Caller = { type: 'session', session: this.session };
    return assumeRole(caller, { sessionName, ...passed }, this.role, this.decide);
  }

  private readonly decide: Decide = (caller, action, assumption, role) => {
    if (this.tags === undefined) return decideSts(caller, action, assumption, role);
    const { tags, transitiveTagKeys, externalId } = assumption;
    const answers = tags.map((tag) => [tag.key, this.tags?.answer(tag)]);
    const key = JSON.stringify([action, answers, transitiveTagKeys, externalId]);
    const known = this.known.get(key) ?? decideSts(caller, action, assumption, role);
    this.known.set(key, known);
    return known;
  };
}
