export { distDigest, presentDigest } from './digest.ts';
export { makeFolders } from './folders.ts';
export { withHeader } from './header.ts';
export { shardRecordFile } from './origin.ts';
export {
  type Change,
  type DistFile,
  type DistPlan,
  DistPlanner,
  planFindings,
  presentFiles,
  type Write,
} from './plan.ts';
export { DistError, DistStaging, discardDist, type StagedDist } from './stage.ts';
export { isStaging } from './staging.ts';
export { commitDist } from './write.ts';
