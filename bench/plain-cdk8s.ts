// What the benchmark compares with: the same objects by a cdk8s app as most are written, one App with a chart for each
// service and the classes that `cdk8s import` generates. It neither checks its input nor validates its output.
//
//   node --import tsx bench/plain-cdk8s.ts services.yaml folder
import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart } from 'cdk8s';
import { load } from 'js-yaml';
import {
  ExternalSecret,
  ExternalSecretSpecSecretStoreRefKind,
  ExternalSecretSpecTargetCreationPolicy,
  ExternalSecretSpecTargetDeletionPolicy,
  ExternalSecretSpecTargetTemplateEngineVersion,
  ExternalSecretSpecTargetTemplateMergePolicy,
  SecretStore,
  SecretStoreSpecProviderAwsService,
  SecretStoreSpecProviderAwsSessionTagsPolicy,
} from '../imports/external-secrets.io.ts';

interface Secret {
  readonly name: string;
  readonly keys?: Readonly<Record<string, string | undefined>>;
}

interface Service {
  readonly name: string;
  readonly regions: readonly [string];
  readonly secrets: readonly Secret[];
}

interface Input {
  readonly aws: { readonly account: string };
  readonly services: readonly Service[];
}

const [, , input = '', outdir = ''] = process.argv;
const { aws, services } = load(readFileSync(input, 'utf8')) as Input;
const app = new App({ outdir });
for (const service of services) addChart(service);
app.synth();

function addChart({ name: service, regions: [region], secrets }: Service): void {
  const namespace = `${service}-ns`;
  const labels = { 'app.kubernetes.io/managed-by': 'eso-abac', 'eso-abac/service': service };
  const chart = new Chart(app, service);
  new ApiObject(chart, 'namespace', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: { ...labels, 'kubernetes.io/metadata.name': namespace },
      annotations: {
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
        'argocd.argoproj.io/sync-wave': '0',
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
      },
    },
  });
  new SecretStore(chart, 'store', {
    metadata: {
      name: 'aws-secretsmanager',
      namespace,
      labels,
      annotations: { 'argocd.argoproj.io/sync-wave': '1' },
    },
    spec: {
      provider: {
        aws: {
          service: SecretStoreSpecProviderAwsService.SECRETS_MANAGER,
          region,
          role: `arn:aws:iam::${aws.account}:role/eso-secrets-access`,
          sessionTagsPolicy: SecretStoreSpecProviderAwsSessionTagsPolicy.NONE,
          sessionTags: [{ key: 'ekssecret', value: service }],
        },
      },
    },
  });
  for (const secret of secrets) addExternalSecret(chart, namespace, labels, secret);
}

function addExternalSecret(
  chart: Chart,
  namespace: string,
  labels: Record<string, string>,
  { name: secret, keys = { [secret]: undefined } }: Secret,
): void {
  const name = secret.replace(/[^a-z0-9]+/g, '-');
  new ExternalSecret(chart, name, {
    metadata: { name, namespace, labels, annotations: { 'argocd.argoproj.io/sync-wave': '2' } },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { name: 'aws-secretsmanager', kind: ExternalSecretSpecSecretStoreRefKind.SECRET_STORE },
      target: {
        name,
        creationPolicy: ExternalSecretSpecTargetCreationPolicy.OWNER,
        deletionPolicy: ExternalSecretSpecTargetDeletionPolicy.RETAIN,
        template: {
          engineVersion: ExternalSecretSpecTargetTemplateEngineVersion.V2,
          mergePolicy: ExternalSecretSpecTargetTemplateMergePolicy.REPLACE,
          metadata: { labels },
        },
      },
      data: Object.entries(keys)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([secretKey, property]) => ({
          secretKey,
          remoteRef: { key: secret, ...(property !== undefined && { property }) },
        })),
    },
  });
}
