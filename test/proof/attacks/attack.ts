import type { RuleName } from '../../../src/findings/rules.ts';
import type { Change } from './change.ts';
import type { TreeName } from './tree.ts';

/** One way to let somebody read what is not theirs, or to lock an owner out: what is done, and what has to be found. */
export interface Attack {
  readonly name: string;
  /** What comes of it, in a sentence of docs/security.md. */
  readonly does: string;
  readonly tree: TreeName;
  readonly change: Change | readonly Change[];
  readonly finds: Expected;
}

/** The finding that an attack must yield. Findings by other rules are a failure of the test, unless listed here. */
export interface Expected {
  readonly rule: RuleName;
  readonly file: string;
  /** Stands in the lines that the finding points at: mostly the name of a statement. */
  readonly at: string;
  /** Stands in the message. */
  readonly says: string;
  /** What the counterexample looks like, as far as it matters. Without it the finding needs none. */
  readonly shows?: object;
  /** Rules of further findings, which the same change rightly yields. */
  readonly also?: readonly RuleName[];
}

/** A counterexample about a session with some tags that gets at a secret or a key with some. */
export function showing(
  session: Readonly<Record<string, string>>,
  resource: Readonly<Record<string, string>>,
  action = 'secretsmanager:GetSecretValue',
): object {
  return { question: 'read', action, sessionTags: tagsOf(session), resource: { tags: tagsOf(resource) } };
}

/** A counterexample about somebody who assumes a role with some tags. */
export function assuming(arn: string, tags: Readonly<Record<string, string>>, more: object = {}): object {
  return { question: 'assume', caller: { arn }, sessionTags: tagsOf(tags), ...more };
}

function tagsOf(tags: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** Attacks that are alike, with what stops them. */
export interface Group {
  readonly title: string;
  readonly attacks: readonly Attack[];
}

/** A change that takes no right away and gives none: the proof has to pass. */
export interface Harmless {
  readonly name: string;
  readonly tree: TreeName;
  readonly change: Change | readonly Change[];
}
