// What the benchmark compares with: the same objects by a cdk8s app as most are written, one App with a chart for each
// service. It neither checks its input nor validates its output.
//
//   node bench/plain-cdk8s.mjs services.yaml folder
import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart } from 'cdk8s';
import { load } from 'js-yaml';

const [, , input, outdir] = process.argv;
const { aws, services } = load(readFileSync(input, 'utf8'));
const app = new App({ outdir });
for (const service of services) addChart(service);
app.synth();

function addChart({ name: service, regions: [region], secrets }) {
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
  new ApiObject(chart, 'store', {
    apiVersion: 'external-secrets.io/v1',
    kind: 'SecretStore',
    metadata: {
      name: 'aws-secretsmanager',
      namespace,
      labels,
      annotations: { 'argocd.argoproj.io/sync-wave': '1' },
    },
    spec: {
      provider: {
        aws: {
          service: 'SecretsManager',
          region,
          role: `arn:aws:iam::${aws.account}:role/eso-secrets-access`,
          sessionTagsPolicy: 'None',
          sessionTags: [{ key: 'ekssecret', value: service }],
        },
      },
    },
  });
  for (const secret of secrets) addExternalSecret(chart, namespace, labels, secret);
}

function addExternalSecret(chart, namespace, labels, { name: secret, keys = { [secret]: undefined } }) {
  const name = secret.replace(/[^a-z0-9]+/g, '-');
  new ApiObject(chart, name, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace, labels, annotations: { 'argocd.argoproj.io/sync-wave': '2' } },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { name: 'aws-secretsmanager', kind: 'SecretStore' },
      target: {
        name,
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        template: { engineVersion: 'v2', mergePolicy: 'Replace', metadata: { labels } },
      },
      data: Object.entries(keys)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([secretKey, property]) => ({ secretKey, remoteRef: { key: secret, property } })),
    },
  });
}
