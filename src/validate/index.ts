export type { CrdFile, Crds } from './crd.ts';
export { CrossChecks } from './cross-checks.ts';
export { generatedCrds, loadCrds, ownCrds } from './load.ts';
export type { Manifest } from './manifest.ts';
export { isLabelValue, isQualifiedName } from './names.ts';
export { readManifests } from './read.ts';
export { createValidator, type Validator } from './validator.ts';
