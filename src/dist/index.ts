export { filesDigest, presentDigest } from './digest.ts';
export { makeFolders } from './folders.ts';
export { withHeader } from './header.ts';
export { shardRecordFile } from './origin.ts';
export { type DistFile, type DistPlan, planDist, planFindings, presentFiles } from './plan.ts';
export { isStaging } from './staging.ts';
export { commitDist, DistError, discardDist, type StagedDist, stageDist, writeDist } from './write.ts';
