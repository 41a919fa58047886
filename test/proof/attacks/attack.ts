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
  /** What the counterexample looks like, as far as it matters, its tags by their keys. Without it the finding needs none. */
  readonly shows?: object;
  /** Rules of further findings, which the same change rightly yields. */
  readonly also?: readonly RuleName[];
}

/** Tags by their keys. A counterexample may have more of them. */
type Tags = Readonly<Record<string, string>>;

/** A counterexample about a session with some tags that gets at a secret or a key with some. */
export function showing(sessionTags: Tags, tags: Tags, action = 'secretsmanager:GetSecretValue'): object {
  return { question: 'read', action, sessionTags, resource: { tags } };
}

/** A counterexample about a role or user that assumes a role with some tags. */
export function assuming(arn: string, sessionTags: Tags): object {
  return { question: 'assume', caller: { arn }, sessionTags };
}

/** Attacks that are alike. */
export interface Group {
  readonly title: string;
  /** What stops them, in a paragraph of docs/security.md. */
  readonly stops: string;
  readonly attacks: readonly Attack[];
}

/** A change that takes no right away and gives none: the proof has to pass. */
export interface Harmless {
  readonly name: string;
  readonly tree: TreeName;
  readonly change: Change | readonly Change[];
}
