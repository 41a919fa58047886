import type { Source } from '../proof/files/model.ts';
import { readsBeyond } from './access/reads.ts';
import { selectFiles } from './access/select.ts';
import { gitopsChanges } from './changes/gitops.ts';
import { grantChanges } from './changes/grants.ts';
import { guardChanges } from './changes/guard.ts';
import { placeChanges, valuesChanges } from './changes/places.ts';
import { proofChanges, unreadChanges } from './changes/proof.ts';
import { roleChanges } from './changes/roles.ts';
import { secretChanges } from './changes/secrets.ts';
import { serviceChanges } from './changes/services.ts';
import { storeChanges } from './changes/stores.ts';
import { type Change, changeKinds, type Diff, type FileChange, type Read } from './model.ts';
import { compareObjects } from './objects/files.ts';
import { readSide } from './side.ts';
import { type Comparison, compareTexts } from './texts.ts';
import { workOf } from './work.ts';

/**
 * What differs between two dists: who gains or loses access to what, what people have to do, and which objects differ.
 * Files with the same text on both sides are read only where something elsewhere may have changed what they mean.
 *
 * @param before every file of the one dist, in any order
 * @param after every file of the other
 */
export function diffDists(before: readonly Source[], after: readonly Source[]): Diff {
  const comparison = compareTexts(before, after);
  const notes = comparison.foreign.map(
    (path) => `${path} was not written by eso-abac: it stays, and is not looked at here`,
  );
  const files = countFiles(comparison);
  if (comparison.changed.length === 0)
    return { files, changes: [], grants: [], revocations: [], work: [], objects: [], notes };
  const objects = compareObjects(comparison);
  return { files, ...accessAndWork(comparison, objects), objects, notes };
}

function accessAndWork(comparison: Comparison, objects: readonly FileChange[]) {
  const selected = selectFiles(comparison);
  const base = readSide(comparison.base, selected.base);
  const head = readSide(comparison.head, selected.head);
  const isListed = base.reads !== undefined && head.reads !== undefined;
  const [old, now] = [base.reads ?? new Map(), head.reads ?? new Map()];
  const grants: Read[] = isListed ? readsBeyond(now, old) : [];
  const revocations: Read[] = isListed ? readsBeyond(old, now) : [];
  const changes = [
    ...proofChanges(comparison),
    ...unreadChanges(base, head, new Set(comparison.changed)),
    ...placeChanges(comparison),
    ...serviceChanges(base, head),
    ...secretChanges(base, head),
    ...grantChanges(base, head, grants, revocations),
    ...storeChanges(base, head),
    ...roleChanges(base, head),
    ...guardChanges(comparison),
    ...valuesChanges(objects),
    ...gitopsChanges(objects),
  ];
  return {
    changes: inOrder(changes),
    ...(isListed && { grants, revocations }),
    work: workOf(comparison, base, head, changes, objects),
  };
}

/** Dangers first, then by what a sentence is about, then as they were found. */
function inOrder(changes: readonly Change[]): Change[] {
  const rank = ({ danger, kind }: Change) => (danger ? 0 : changeKinds.length) + changeKinds.indexOf(kind);
  return [...changes].sort((a, b) => rank(a) - rank(b));
}

function countFiles({ base, head, changed }: Comparison): Diff['files'] {
  const added = changed.filter((path) => !base.has(path)).length;
  const removed = changed.filter((path) => !head.has(path)).length;
  return {
    added,
    removed,
    changed: changed.length - added - removed,
    unchanged: head.size - (changed.length - removed),
  };
}
