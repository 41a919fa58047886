import {
  commitDist,
  type DistFile,
  type DistPlan,
  DistPlanner,
  DistStaging,
  type StagedDist,
  type Write,
} from '../../src/dist/index.ts';

/** A plan, and all that it writes, sorted by path. */
export type WholePlan = DistPlan & { readonly writes: readonly Write[] };

/** Compares a folder with all that should stand in it, at once. */
export function planDist(
  folder: string,
  files: readonly DistFile[],
  isLookedAt?: (file: string) => boolean,
): WholePlan {
  const planner = new DistPlanner(folder, isLookedAt);
  const writes = planner.add(files).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...planner.end(), writes };
}

/** Stages all that a plan writes, unless something stands in its way. */
export function stageDist({ writes, ...plan }: WholePlan): StagedDist {
  const staging = new DistStaging(plan.folder);
  if (plan.obstacles.length === 0) staging.add(writes);
  return staging.end(plan);
}

/** Carries out a plan. */
export function writeDist(plan: WholePlan): void {
  commitDist(stageDist(plan));
}
