export { makeFolders } from './folders.ts';
export { withHeader } from './header.ts';
export { shardRecordFile } from './origin.ts';
export { type DistFile, type DistPlan, planDist, planFindings, presentFiles } from './plan.ts';
export { type PreparedDist, preparationError, prepareDist, prepareOnThread } from './prepare.ts';
export { clearStaging, isStaging } from './staging.ts';
export { commitDist, DistError, discardDist, type StagedDist, writeDist } from './write.ts';
