export { withHeader } from './header.ts';
export { type DistFile, type DistPlan, planDist, planFindings } from './plan.ts';
export { isStaging } from './staging.ts';
export { DistError, writeDist } from './write.ts';
