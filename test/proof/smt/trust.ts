import { absent, Constants, fixed, freeKeys, type Optional, tagsIn, textsIn } from './constants.ts';
import { type Key, notAsked, type Question } from './question.ts';
import type { Model, Problem } from './solver.ts';
import { effectsOf } from './statement.ts';
import { and, equal, literal, not, or, type Term } from './terms.ts';

/** A trust policy as JSON.parse gives it, and who alone shall be able to use it, how. */
export interface TrustRole {
  readonly arn: string;
  readonly trust: unknown;
  /** Tags that every session must have, and the only ones it may have. */
  readonly tagKeys: readonly string[];
  /** The callers by ARN; of each, the values that it may claim by tag key in lower case. */
  readonly callers: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  readonly externalIds?: readonly string[];
}

/** What can be wrong with an attempt that succeeds, in the order in which it is looked for. */
export const wrongs = ['caller', 'missingTag', 'otherTag', 'pinnedTag', 'externalId'] as const;
export type Wrong = (typeof wrongs)[number];

/** The attempt that a model stands for. */
export interface TrustExample {
  readonly caller: { readonly type: 'role' | 'user'; readonly arn: string };
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly transitiveTagKeys: readonly string[];
  readonly externalId?: string;
  readonly sessionName: string;
  readonly context: Readonly<Record<string, string | null>>;
}

/** Is there an attempt that is wrong in this way, and in none looked for before, which may succeed? */
export function succeedsWrongly(role: TrustRole, wrong: Wrong): Problem {
  const trust = new Trust(role);
  const open = () => trust.constants.open();
  const succeeds = and([trust.isAllowed('sts:AssumeRole', open, open), trust.mayTag(open, open)]);
  const before = wrongs.slice(0, wrongs.indexOf(wrong));
  return trust.problem([succeeds, trust.is(wrong), ...before.map((one) => not(trust.is(one)))]);
}

/** Is there an attempt with nothing wrong that succeeds for certain? */
export function succeedsRightly(role: TrustRole): Problem {
  const trust = new Trust(role);
  const [no, yes] = [() => 'false', () => 'true'];
  const succeeds = and([trust.isAllowed('sts:AssumeRole', no, yes), trust.mayTag(no, yes)]);
  return trust.problem([succeeds, ...wrongs.map((one) => not(trust.is(one)))]);
}

/** The attempt behind a model of one of these problems. */
export function trustExample(model: Model, role: TrustRole): TrustExample {
  const trust = new Trust(role);
  const tags = [...trust.keys, 'another'].flatMap((name) => {
    const value = model.optional(`tag ${name}`);
    return value === null ? [] : [{ key: model.text(`key ${name}`), value, name }];
  });
  const externalId = model.optional('external id');
  const caller = model.text('caller');
  const [, partition] = role.arn.split(':');
  return {
    caller: {
      type: caller.startsWith('user/') ? 'user' : 'role',
      arn: `arn:${partition}:iam::${model.text('account')}:${caller}`,
    },
    tags: tags.map(({ key, value }) => ({ key, value })),
    transitiveTagKeys: tags.filter(({ name }) => model.truth(`transitive ${name}`)).map(({ key }) => key),
    ...(externalId !== null && { externalId }),
    sessionName: model.text('session name') || 'session',
    context: Object.fromEntries([...freeKeys.keys()].map((key) => [key, model.optional(key)])),
  };
}

// Texts with characters that STS does not take are in the solver's world too: to keep them out is what takes it longest.
const twoOrMore: Term = '(re.++ re.allchar re.allchar re.all)';
const oneOrMore: Term = '(re.++ re.allchar re.all)';
const callerName: Term = `(re.++ (re.union (str.to_re "role/") (str.to_re "user/")) ${oneOrMore})`;

class Trust {
  readonly constants = new Constants();
  /** Keys that the question or the policy asks about, in lower case. */
  readonly keys: readonly string[];
  private readonly role: TrustRole;
  private readonly account: Term;
  /** The last part of the caller's ARN. */
  private readonly caller: Term;

  constructor(role: TrustRole) {
    this.role = role;
    const lower = role.tagKeys.map((key) => key.toLowerCase());
    this.keys = [
      ...new Set([...lower, ...tagsIn([role.trust], ['aws:requesttag']), ...keysInLists(role.trust)]),
    ];
    this.account = this.constants.text('account');
    this.constants.rules.add(or(accountsIn(role).map((account) => equal(this.account, literal(account)))));
    this.caller = this.constants.text('caller', callerName);
    for (const key of this.keys) {
      const spellings = spellingsOf(key, role).map((text) => equal(this.keyText(key), literal(text)));
      this.constants.rules.add(or(spellings));
      // It shall be no spelling of a known one. To say so by the length is enough, and a hundred times as fast.
      this.constants.rules.add(not(`(= (str.len ${this.keyText('another')}) ${key.length})`));
    }
  }

  problem(terms: readonly Term[]): Problem {
    const { declarations, rules } = this.constants;
    return { declarations, formula: and([...rules, ...terms]) };
  }

  /** @param allowing, denying for what AWS leaves open in statements of either effect */
  isAllowed(action: string, allowing: () => Term, denying: () => Term): Term {
    const { allows } = effectsOf(this.role.trust, this.question(action, allowing));
    const { denies } = effectsOf(this.role.trust, this.question(action, denying));
    return and([allows, not(denies)]);
  }

  /** Whoever passes tags needs a second permission. */
  mayTag(allowing: () => Term, denying: () => Term): Term {
    const passes = or(this.all().map((key) => this.tag(key).present));
    return or([not(passes), this.isAllowed('sts:TagSession', allowing, denying)]);
  }

  is(wrong: Wrong): Term {
    const { callers, tagKeys, externalIds } = this.role;
    const own = new Set(tagKeys.map((key) => key.toLowerCase()));
    switch (wrong) {
      case 'caller':
        return not(or([...callers.keys()].map((arn) => this.isCaller(arn))));
      case 'missingTag':
        return or([...own].map((key) => or([not(this.tag(key).present), equal(this.tag(key).value, '""')])));
      case 'otherTag':
        return or(
          this.all()
            .filter((key) => !own.has(key))
            .map((key) => this.tag(key).present),
        );
      case 'pinnedTag':
        return or(
          [...callers].map(([arn, claims]) => {
            const wrongs = [...claims].map(([key, allowed]) => {
              const { present, value } = this.tag(key);
              const isOne = or([...allowed].map((text) => equal(value, literal(text))));
              return not(and([present, isOne]));
            });
            return and([this.isCaller(arn), or(wrongs)]);
          }),
        );
      case 'externalId': {
        if (externalIds === undefined) return 'false';
        const { present, value } = this.externalId();
        return not(and([present, or(externalIds.map((id) => equal(value, literal(id))))]));
      }
    }
  }

  private all(): string[] {
    return [...this.keys, 'another'];
  }

  private tag(key: string): Optional {
    return this.constants.optional(`tag ${key}`);
  }

  /** How the caller spells the key: STS takes it in any case, and aws:TagKeys has it as spelt. */
  private keyText(key: string): Term {
    return this.constants.text(`key ${key}`, oneOrMore);
  }

  private externalId(): Optional {
    return this.constants.optional('external id', twoOrMore);
  }

  private isCaller(arn: string): Term {
    const [, partition, , , account = '', resource = ''] = arn.split(':');
    if (partition !== this.role.arn.split(':')[1]) return 'false';
    return and([equal(this.account, literal(account)), equal(this.caller, literal(resource))]);
  }

  private question(action: string, open: () => Term): Question {
    return {
      action,
      named: (type, value) => this.named(type, value),
      key: (key) => this.key(key, action),
      open,
    };
  }

  private named(type: string, value: string): Term {
    if (type !== 'AWS') return 'false';
    if (value === '*') return 'true';
    const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(value)?.[1];
    if (account !== undefined) return equal(this.account, literal(account));
    if (/^arn:[^:]+:iam::\d{12}:(role|user)\//.test(value)) return this.isCaller(value);
    throw notAsked(`the principal ${value}`);
  }

  private key(key: string, action: string): Key {
    const slash = key.indexOf('/');
    if (key.slice(0, slash) === 'aws:requesttag') return { kind: 'one', ...this.tag(key.slice(slash + 1)) };
    const isTagSession = action === 'sts:TagSession';
    switch (key) {
      case 'aws:tagkeys':
        return { kind: 'many', elements: this.all().map((one) => this.listed(one, [])) };
      case 'sts:transitivetagkeys':
        return {
          kind: 'many',
          elements: this.all().map((one) => this.listed(one, [this.isTransitive(one)])),
        };
      case 'sts:externalid':
        return isTagSession
          ? { kind: 'unclear', when: this.externalId().present }
          : { kind: 'one', ...this.externalId() };
      case 'sts:rolesessionname': {
        const value = this.constants.text('session name', twoOrMore);
        return isTagSession ? { kind: 'unclear', when: 'true' } : { kind: 'one', present: 'true', value };
      }
      case 'aws:principalarn':
        return { kind: 'one', present: 'true', value: '', parts: this.callerArn() };
      case 'aws:principalaccount':
        return { kind: 'one', present: 'true', value: this.account };
      case 'aws:resourceaccount':
        return fixed(this.role.arn.split(':')[4] ?? '');
    }
    if (freeKeys.has(key)) return { kind: 'one', ...this.constants.optional(key) };
    if (/^(aws|iam):resourcetag\//.test(key)) return absent;
    throw notAsked(`the condition key ${key}`);
  }

  private callerArn(): Term[] {
    const known = ['arn', this.role.arn.split(':')[1] ?? '', 'iam', ''].map(literal);
    return [...known, this.account, this.caller];
  }

  private listed(key: string, further: readonly Term[]): Optional {
    return { present: and([this.tag(key).present, ...further]), value: this.keyText(key) };
  }

  private isTransitive(key: string): Term {
    return this.constants.declarations.constant(`transitive ${key}`, 'Bool');
  }
}

/** The accounts of callers: those that are named, and another one. A policy that looks for digits is not translated. */
function accountsIn({ trust, callers }: TrustRole): string[] {
  const texts = [...callers.keys(), ...textsIn(trust)].join(' ');
  if (/iam::(?!\*:)[^:]*[*?]/.test(texts)) throw notAsked('a wildcard among the digits of an account');
  return [...new Set([...(texts.match(/\b\d{12}\b/g) ?? []), '000000000000'])];
}

/** How a caller may spell a tag key, which STS takes in any case: as the policy does, small, large, and mixed. */
function spellingsOf(key: string, { tagKeys, trust }: TrustRole): string[] {
  const written = [...tagKeys, ...textsIn(trust)].filter((text) => text.toLowerCase() === key);
  const mixed = `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
  return [...new Set([...written, key, key.toUpperCase(), mixed])];
}

/** The keys that a policy lists for aws:TagKeys and sts:TransitiveTagKeys, without wildcards and what Null says of them. */
function keysInLists(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysInLists);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!/^(aws:TagKeys|sts:TransitiveTagKeys)$/i.test(key)) return keysInLists(inner);
    return textsIn(inner)
      .filter((text) => !/[*?$]|^(true|false)$/.test(text))
      .map((text) => text.toLowerCase());
  });
}
