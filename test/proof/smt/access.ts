import { absent, Constants, fixed, freeKeys, type Optional, tagsIn, textsIn } from './constants.ts';
import { type Key, notAsked, type Question } from './question.ts';
import type { Model, Problem } from './solver.ts';
import { effectsOf } from './statement.ts';
import { and, equal, literal, not, notColon, or, type Term } from './terms.ts';

/** A role that reads secrets of its account: identity policies as JSON.parse gives them, and the tags that decide. */
export interface AccessRole {
  readonly arn: string;
  readonly documents: readonly unknown[];
  readonly tagKeys: readonly string[];
}

export interface TagPair {
  readonly key: string;
  readonly value: string;
}

/** The request that a model stands for. */
export interface AccessExample {
  readonly action: string;
  readonly secretArn: string;
  readonly secretTags: readonly TagPair[];
  readonly sessionTags: readonly TagPair[];
  /** Condition keys that depend on how a request is made, in lower case. */
  readonly context: Readonly<Record<string, string | null>>;
}

const readActions = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'].map(
  (action) => `secretsmanager:${action}`,
);

/** Is there a secret that a session may read, or of which AWS leaves that open, without having all of its tags? */
export function readsForeign(role: AccessRole): Problem {
  const access = new Access(role);
  const question = (action: string) => access.question(action, () => access.constants.open());
  const reads = access.someAction((action) => {
    const { allows, denies } = effects(role, question(action));
    return and([allows, not(denies)]);
  });
  return access.problem([reads, not(access.isOwner())]);
}

/** Is this request one of those? */
export function isReadOfForeign(role: AccessRole, example: AccessExample): Problem {
  const { declarations, formula } = readsForeign(role);
  return { declarations, formula: and([formula, new Access(role).isExample(example)]) };
}

/** Is there a secret with the session's tags that a statement denies it, however the request is made? */
export function ownerIsDenied(role: AccessRole): Problem {
  const access = new Access(role);
  const denied = access.someAction((action) =>
    and(
      access.contexts().map((context) => {
        const question = access.question(action, () => 'false', context);
        return effects(role, question).denies;
      }),
    ),
  );
  return access.problem([denied, access.isOwner(), access.isPlain()]);
}

/** Is there a secret with the session's tags that the session may read for certain? */
export function ownerReads(role: AccessRole): Problem {
  const access = new Access(role);
  const reads = access.someAction((action) => {
    const { allows } = effects(
      role,
      access.question(action, () => 'false'),
    );
    const { denies } = effects(
      role,
      access.question(action, () => 'true'),
    );
    return and([allows, not(denies)]);
  });
  return access.problem([reads, access.isOwner(), access.hasNoEmptyTag()]);
}

/** The request behind a model of one of these problems. */
export function accessExample(model: Model, role: AccessRole): AccessExample {
  const access = new Access(role);
  const tags = (prefix: string, keys: readonly string[]) =>
    keys.flatMap((key) => {
      const value = model.optional(`${prefix} tag ${key}`);
      return value === null ? [] : [{ key, value }];
    });
  const [, partition, , , account] = role.arn.split(':');
  const [region, name] = [model.text('region'), model.text('name')];
  return {
    action: model.text('action'),
    secretArn: `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}`,
    secretTags: tags('secret', access.secretKeys),
    sessionTags: tags('session', access.sessionKeys),
    context: Object.fromEntries([...freeKeys.keys()].map((key) => [key, model.optional(key)])),
  };
}

function effects({ documents }: AccessRole, question: Question): { allows: Term; denies: Term } {
  const all = documents.map((document) => effectsOf(document, question));
  return { allows: or(all.map(({ allows }) => allows)), denies: or(all.map(({ denies }) => denies)) };
}

/** Values of the free keys that are tried one by one. */
type FreeContext = Readonly<Record<string, string | null>>;

class Access {
  readonly constants = new Constants();
  readonly secretKeys: readonly string[];
  readonly sessionKeys: readonly string[];
  private readonly role: AccessRole;

  constructor(role: AccessRole) {
    this.role = role;
    const lower = role.tagKeys.map((key) => key.toLowerCase());
    const { documents } = role;
    this.secretKeys = distinct([
      ...lower,
      ...tagsIn(documents, ['secretsmanager:resourcetag', 'aws:resourcetag']),
    ]);
    this.sessionKeys = distinct([...lower, ...tagsIn(documents, ['aws:principaltag'])]);
  }

  problem(terms: readonly Term[]): Problem {
    const { declarations, rules } = this.constants;
    return { declarations, formula: and([...rules, ...terms]) };
  }

  /** One of the actions, which the model names, for which a formula holds. */
  someAction(formulaFor: (action: string) => Term): Term {
    const chosen = this.constants.declarations.constant('action', 'String');
    const actions = new Map<Term, Term[]>();
    for (const action of readActions) {
      this.constants.declarations.reuseOpen();
      const formula = formulaFor(action);
      actions.set(formula, [...(actions.get(formula) ?? []), equal(chosen, literal(action))]);
    }
    return or([...actions].map(([formula, those]) => and([formula, or(those)])));
  }

  /** All tags are on both sides, and equal. */
  isOwner(): Term {
    return and(
      this.role.tagKeys.map((key) => {
        const [secret, session] = [this.secretTag(key), this.sessionTag(key)];
        return and([secret.present, session.present, equal(secret.value, session.value)]);
      }),
    );
  }

  /** No tags but those that decide, and none of them empty. */
  isPlain(): Term {
    const own = new Set(this.role.tagKeys.map((key) => key.toLowerCase()));
    const others = (keys: readonly string[]) => keys.filter((key) => !own.has(key));
    return and([
      this.hasNoEmptyTag(),
      ...others(this.secretKeys).map((key) => not(this.secretTag(key).present)),
      ...others(this.sessionKeys).map((key) => not(this.sessionTag(key).present)),
    ]);
  }

  hasNoEmptyTag(): Term {
    const tags = [
      ...this.secretKeys.map((key) => this.secretTag(key)),
      ...this.sessionKeys.map((key) => this.sessionTag(key)),
    ];
    return and(tags.map(({ value }) => not(equal(value, '""'))));
  }

  isExample({ action, secretArn, secretTags, sessionTags, context }: AccessExample): Term {
    const tag = (tags: readonly TagPair[], key: string, { present, value }: Optional) => {
      const wanted = tags.find((one) => one.key.toLowerCase() === key)?.value;
      return wanted === undefined ? not(present) : and([present, equal(value, literal(wanted))]);
    };
    const [, , , region = '', , , name = ''] = secretArn.split(':');
    const texts = { action, region, name };
    return and([
      ...Object.entries(texts).map(([constant, text]) => equal(`|${constant}|`, literal(text))),
      ...this.secretKeys.map((key) => tag(secretTags, key, this.secretTag(key))),
      ...this.sessionKeys.map((key) => tag(sessionTags, key, this.sessionTag(key))),
      ...Object.entries(context).map(([key, value]) =>
        value === null ? not(`|has ${key}|`) : and([`|has ${key}|`, equal(`|${key}|`, literal(value))]),
      ),
    ]);
  }

  /** @param open for what AWS leaves open; @param context if the free keys shall have values of their own */
  question(action: string, open: () => Term, context?: FreeContext): Question {
    return {
      action,
      resource: this.resource(),
      named: (type) => {
        throw notAsked(`a principal (${type}) in an identity policy`);
      },
      key: (key) => this.key(key, context),
      open,
    };
  }

  /** Any secret of the account that could exist: names hold no colons. */
  private resource(): Term[] {
    const [, partition = '', , , account = ''] = this.role.arn.split(':');
    const known = ['arn', partition, 'secretsmanager'].map(literal);
    const name = this.constants.text('name', `(re.+ ${notColon})`);
    return [...known, this.region(), literal(account), literal('secret'), name];
  }

  private region(): Term {
    return this.constants.text('region', `(re.+ ${notColon})`);
  }

  /** Every combination of values of the free keys that the documents ask for: theirs, another one, none. */
  contexts(): FreeContext[] {
    const texts = this.role.documents.flatMap(textsIn);
    const asked = [...freeKeys].filter(([key]) => texts.some((text) => text.toLowerCase() === key));
    return asked.reduce<FreeContext[]>(
      (all, [key, kind]) => {
        const candidates = kind === 'boolean' ? ['true', 'false'] : [...texts, 'elsewhere'];
        return all.flatMap((one) => [...candidates, null].map((value) => ({ ...one, [key]: value })));
      },
      [{}],
    );
  }

  private secretTag(key: string): Optional {
    return this.constants.optional(`secret tag ${key.toLowerCase()}`);
  }

  private sessionTag(key: string): Optional {
    return this.constants.optional(`session tag ${key.toLowerCase()}`);
  }

  private key(name: string, context: FreeContext | undefined): Key {
    const [, account = ''] = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):/.exec(this.role.arn) ?? [];
    const slash = name.indexOf('/');
    const [prefix, tag] = [name.slice(0, slash), name.slice(slash + 1)];
    if (prefix === 'secretsmanager:resourcetag' || prefix === 'aws:resourcetag') {
      return { kind: 'one', ...this.secretTag(tag) };
    }
    if (prefix === 'aws:principaltag') return { kind: 'one', ...this.sessionTag(tag) };
    if (name === 'aws:requestedregion') return { kind: 'one', present: 'true', value: this.region() };
    if (name === 'aws:resourceaccount' || name === 'aws:principalaccount') return fixed(account);
    if (name === 'aws:principalarn') return fixed(this.role.arn);
    if (prefix === 'aws:requesttag' || name === 'kms:viaservice') return absent;
    if (!freeKeys.has(name)) throw notAsked(`the condition key ${name}`);
    const value = context?.[name];
    if (value !== undefined) return value === null ? absent : fixed(value);
    return { kind: 'one', ...this.constants.optional(name) };
  }
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
