import type { Words } from './words.ts';

/** Everything that a sentence about access can be about, what matters most first. */
export const changeKinds = [
  'proof',
  'unread',
  'guard',
  'deployers',
  'tag-guard',
  'trust',
  'policy',
  'kms',
  'operator',
  'gitops',
  'role',
  'owner',
  'shared',
  'reader',
  'tag',
  'store',
  'account-removed',
  'cluster-removed',
  'region-removed',
  'service-removed',
  'namespace',
  'account-added',
  'cluster-added',
  'service-added',
  'grant',
  'revocation',
] as const;
/** What a sentence is about. */
export type ChangeKind = (typeof changeKinds)[number];

/** One sentence about who gains or loses what. */
export interface Change {
  readonly kind: ChangeKind;
  /** Whether somebody should look at it before it is merged. */
  readonly danger: boolean;
  /** The service, secret, role or cluster that it is about. */
  readonly subject: string;
  readonly text: Words;
  /** What is said of several subjects of which the same is true, behind their number: "services are new in prod". */
  readonly together: Words;
}

/** Something that people have to do, and whether before the change reaches the clusters or after. */
export interface Step {
  readonly when: 'before' | 'after';
  readonly text: Words;
}

/** A secret that a service in a cluster may read through one of its stores. */
export interface Read {
  readonly cluster: string;
  readonly service: string;
  /** Of the secret, as its region. */
  readonly account: string;
  readonly region: string;
  readonly secret: string;
  /** Set when not everything is allowed that reading takes: the action that is refused. */
  readonly without?: string;
}

/** A field of an object; `from` is absent when it is new, `to` when it is gone. */
export interface FieldChange {
  /** As in `spec.data[secretKey=DB_USER].remoteRef.key`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** An object of a file. A policy document or a file of values is one object. */
export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly kind: string;
  /** With its namespace before it, if it has one; empty for an object without a name. */
  readonly name: string;
  /** Only when it is changed. */
  readonly fields: readonly FieldChange[];
}

/** A file of dist that differs. `objects` is empty when nothing but comments differs. */
export interface FileChange {
  readonly file: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly objects: readonly ObjectChange[];
}

/** What differs between two dists. */
export interface Diff {
  /** How many files there are of each kind. */
  readonly files: Readonly<Record<'added' | 'removed' | 'changed' | 'unchanged', number>>;
  /** Sentences, the dangerous ones first. */
  readonly changes: readonly Change[];
  /** Absent when a side lets so much be read that it cannot be listed; a sentence says so. */
  readonly grants?: readonly Read[];
  readonly revocations?: readonly Read[];
  readonly work: readonly Step[];
  readonly objects: readonly FileChange[];
  /** What is to be known about the comparison itself. */
  readonly notes: readonly string[];
}
