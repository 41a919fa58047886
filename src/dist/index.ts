export { withHeader } from './header.ts';
export { type DistFile, type DistPlan, planDist, planFindings } from './plan.ts';
export { writeDist } from './write.ts';
