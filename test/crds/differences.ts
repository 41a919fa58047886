import type { ApiVersion, Kind, UpstreamRelease } from '../support/upstream.ts';

/** A field, or some of its keywords, that is otherwise in crds/ than in some releases. */
export interface Difference {
  readonly kind: Kind;
  readonly apiVersion: ApiVersion;
  readonly releases: readonly UpstreamRelease[];
  readonly paths: readonly string[];
  /** What those releases have: no such field, or keywords with these values (`undefined`: no such keyword). */
  readonly upstream: 'no field' | Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** What upstream has and crds/ leaves out, with everything below it. */
export interface Omission {
  readonly kinds: readonly Kind[];
  readonly paths: RegExp;
  readonly reason: string;
}

export const omissions: readonly Omission[] = [
  {
    kinds: ['ExternalSecret', 'SecretStore'],
    paths: /^status$/,
    reason: 'The operator writes it. In a manifest the API server drops it.',
  },
  {
    kinds: ['SecretStore'],
    paths: /^spec\.provider\.(?!aws$|aws[.[{])[^.]+$/,
    reason: 'Other providers than AWS know no session tags, so they are not what this project is for.',
  },
];

/** API versions that upstream has and crds/ leaves out. */
export const omittedVersions: Readonly<Record<string, string>> = {
  v1alpha1: 'Deprecated before 0.9.0, the oldest release that this project supports, and gone since 0.16.0.',
};

const name = 'Names and keys are bounded since 0.11.0.';
const grown = 'Later releases know more values.';
const later = 'A later release has added it.';
const perRelease = 'The default changed, so it stands in src/fleet/eso-release.ts and not in crds/.';

const unbounded = { minLength: undefined, maxLength: undefined, pattern: undefined };

const generatorKinds = [
  ...[
    'ACRAccessToken',
    'ClusterGenerator',
    'ECRAuthorizationToken',
    'Fake',
    'GCRAccessToken',
    'GithubAccessToken',
  ],
  ...['QuayAccessToken', 'Password', 'STSSessionToken', 'UUID', 'VaultDynamicSecret', 'Webhook', 'Grafana'],
];

const sources = ['spec.data[].sourceRef', 'spec.dataFrom[].sourceRef'];
const storeRefs = [...sources.map((source) => `${source}.storeRef`), 'spec.secretStoreRef'];
const templates = ['configMap', 'secret'].map((source) => `spec.target.template.templateFrom[].${source}`);
const secretRefs = ['accessKeyID', 'secretAccessKey', 'sessionToken'].map(
  (part) => `spec.provider.aws.auth.secretRef.${part}SecretRef`,
);
const remoteRefs = ['spec.data[].remoteRef', 'spec.dataFrom[].extract'];
const fetches = [...remoteRefs, 'spec.dataFrom[].find'];

function below(parents: readonly string[], ...fields: string[]): string[] {
  return parents.flatMap((parent) => fields.map((field) => `${parent}.${field}`));
}

type Row = Omit<Difference, 'kind' | 'apiVersion'>;

const externalSecretV1Beta1: readonly Row[] = [
  {
    releases: ['0.9.20'],
    paths: [
      'spec.data[].secretKey',
      'spec.target.name',
      ...below(storeRefs, 'name'),
      ...below(sources, 'generatorRef.name'),
      ...below(templates, 'name', 'items[].key'),
    ],
    upstream: unbounded,
    reason: name,
  },
  {
    releases: ['0.9.20'],
    paths: storeRefs,
    upstream: { required: ['name'] },
    reason: 'Since 0.11.0 a store needs no name in the schema; the operator still refuses one without.',
  },
  {
    releases: ['0.9.20'],
    paths: [...below(storeRefs, 'kind'), ...below(sources, 'generatorRef.kind')],
    upstream: { enum: undefined },
    reason: 'Kinds are enumerated since 0.11.0.',
  },
  {
    releases: ['0.9.20'],
    paths: sources,
    upstream: { minProperties: undefined },
    reason: 'An empty sourceRef is refused since 0.11.0.',
  },
  {
    releases: ['0.9.20', '0.14.4'],
    paths: ['spec.refreshPolicy'],
    upstream: 'no field',
    reason: later,
  },
  {
    releases: ['0.9.20', '0.14.4'],
    paths: ['spec.target.template.engineVersion'],
    upstream: { enum: ['v1', 'v2'] },
    reason: 'The first template engine is gone since 0.16.0.',
  },
  {
    releases: ['0.9.20', '0.14.4', '0.16.2'],
    paths: below(remoteRefs, 'metadataPolicy'),
    upstream: { default: 'None' },
    reason: `${perRelease} It appeared in 0.9.8.`,
  },
];

const externalSecretV1: readonly Row[] = [
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: [
      'spec.syncWindows',
      'spec.target.template.templateFrom[].valuesDecodingStrategy',
      ...below(fetches, 'nullBytePolicy'),
    ],
    upstream: 'no field',
    reason: later,
  },
  {
    releases: ['0.16.2', '0.20.4'],
    paths: ['spec.target.manifest'],
    upstream: 'no field',
    reason: later,
  },
  {
    releases: ['0.16.2'],
    paths: ['spec.dataFrom[].rewrite[].merge', 'spec.target.template.metadata.finalizers'],
    upstream: 'no field',
    reason: later,
  },
  {
    releases: ['0.16.2'],
    paths: ['spec.dataFrom[].rewrite[]'],
    upstream: { minProperties: undefined, maxProperties: undefined },
    reason: 'Exactly one kind of rewrite is asked for since merge came.',
  },
  {
    releases: ['0.16.2'],
    paths: below(sources, 'generatorRef.kind'),
    upstream: { enum: generatorKinds },
    reason: grown,
  },
  {
    releases: ['0.20.4', '1.3.2'],
    paths: below(sources, 'generatorRef.kind'),
    upstream: { enum: [...generatorKinds, 'CloudsmithAccessToken', 'SSHKey', 'MFA'] },
    reason: grown,
  },
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: ['spec.target.creationPolicy'],
    upstream: { enum: ['Owner', 'Orphan', 'Merge', 'None'] },
    reason: grown,
  },
  {
    releases: ['0.16.2', '0.20.4'],
    paths: ['spec.target.template.templateFrom[].target'],
    upstream: { enum: ['Data', 'Annotations', 'Labels'] },
    reason:
      'Since target.manifest came it may be a path into that object. The operator checks it for a Secret.',
  },
  {
    releases: ['0.16.2', '0.20.4'],
    paths: ['spec.refreshInterval'],
    upstream: { default: '1h' },
    reason: 'The default changed, and this project writes an interval always.',
  },
  {
    releases: ['1.3.2', '2.9.0'],
    paths: ['spec.refreshInterval'],
    upstream: { default: '1h0m0s' },
    reason: 'The default changed, and this project writes an interval always.',
  },
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: below(fetches, 'conversionStrategy'),
    upstream: { default: 'Default' },
    reason: perRelease,
  },
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: below(fetches, 'decodingStrategy'),
    upstream: { default: 'None' },
    reason: perRelease,
  },
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: below(remoteRefs, 'metadataPolicy'),
    upstream: { default: 'None' },
    reason: perRelease,
  },
];

const secretStoreV1Beta1: readonly Row[] = [
  {
    releases: ['0.9.20'],
    paths: [
      'spec.conditions[].namespaces[]',
      ...below(['spec.provider.aws.auth.jwt.serviceAccountRef'], 'name', 'namespace'),
      ...below(secretRefs, 'name', 'key', 'namespace'),
    ],
    upstream: unbounded,
    reason: name,
  },
  {
    releases: ['0.9.20'],
    paths: ['spec.provider.aws.prefix'],
    upstream: 'no field',
    reason: later,
  },
];

const secretStoreV1: readonly Row[] = [
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: below(['spec.provider.aws'], 'sessionTagsPolicy', 'customSessionTags'),
    upstream: 'no field',
    reason: later,
  },
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: ['spec.provider.aws.service'],
    upstream: { enum: ['SecretsManager', 'ParameterStore'] },
    reason: grown,
  },
  {
    releases: ['0.16.2', '0.20.4', '1.3.2'],
    paths: ['spec.refreshInterval'],
    upstream: { type: 'integer', anyOf: undefined, 'x-kubernetes-int-or-string': undefined },
    reason: 'Since 2.8.0 a duration may be written beside a number of seconds.',
  },
];

function rows(kind: Kind, apiVersion: ApiVersion, table: readonly Row[]): Difference[] {
  return table.map((row) => ({ kind, apiVersion, ...row }));
}

/** Every difference between crds/ and the releases. One that is not needed any more fails the test. */
export const differences: readonly Difference[] = [
  ...rows('ExternalSecret', 'v1beta1', externalSecretV1Beta1),
  ...rows('ExternalSecret', 'v1', externalSecretV1),
  ...rows('SecretStore', 'v1beta1', secretStoreV1Beta1),
  ...rows('SecretStore', 'v1', secretStoreV1),
];
