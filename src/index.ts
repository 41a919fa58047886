/**
 * The package as a library, for cdk8s apps of your own: three constructs, and what turns a services.yaml into the
 * tenants that they are made from.
 */

export type { Finding, Locate, Location, Position } from './findings/finding.ts';
export { type EsoDefaults, type EsoRelease, type EsoReleaseResult, esoRelease } from './fleet/eso-release.ts';
export type {
  AwsSecret,
  Cluster,
  Deployer,
  ExternalSecretPlan,
  Fleet,
  Guard,
  KeyPlan,
  Kms,
  KmsKey,
  Operator,
  OperatorIdentity,
  RemoteSecret,
  SecretGroup,
  Store,
  Tag,
  Tenant,
} from './fleet/model.ts';
export { type Resolved, resolveFleet } from './fleet/resolve.ts';
export { type Input, loadInput } from './input/load.ts';
export type { Spec } from './input/schema.ts';
export { ServiceExternalSecret, type ServiceExternalSecretProps } from './manifests/external-secret.ts';
export { AbacSecretStore, type AbacSecretStoreProps } from './manifests/secret-store.ts';
export { ServiceChart, type ServiceChartProps } from './manifests/service-chart.ts';
