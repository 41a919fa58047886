import { describe, expect, it } from 'vitest';
import { formatPath } from '../src/validate/manifest.ts';
import { checkWebhook } from '../src/validate/webhook.ts';

type Spec = Readonly<Record<string, unknown>>;

/** What the rules say of an ExternalSecret, as `path: message`. */
function ofExternalSecret(spec: Spec): string[] {
  const object = { spec: { data: [{ secretKey: 'a', remoteRef: { key: 'a' } }], ...spec } };
  return checkWebhook('ExternalSecret', object).map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

function ofStore(kind: string, aws: Spec): string[] {
  const object = { metadata: { namespace: 'payments' }, spec: { provider: { aws } } };
  return checkWebhook(kind, object).map(
    ({ path, message, severity = 'error' }) => `${severity} ${formatPath(path)}: ${message}`,
  );
}

const template = (content: Spec, others: Spec = {}) => ({ target: { ...others, template: content } });
const annotated = (annotations: Spec) => ({ metadata: { annotations } });
const token = 'kubernetes.io/service-account-token';

describe("the operator's admission webhook refuses in an ExternalSecret", () => {
  it.each<[string, Spec, string]>([
    [
      'an interval that is none',
      { refreshInterval: '1d' },
      'spec.refreshInterval: "1d" is no duration that the operator can read',
    ],
    ['nothing to read', { data: [] }, 'spec: the ExternalSecret reads nothing'],
    [
      'a key twice',
      { data: [{ secretKey: 'a' }, { secretKey: 'b' }, { secretKey: 'a' }] },
      'spec.data[2].secretKey: secretKey "a" stands here twice',
    ],
    [
      'two sources in one entry',
      { dataFrom: [{ extract: { key: 'a' } }, { extract: { key: 'a' }, find: {} }] },
      'spec.dataFrom[1]: the entry has extract and find',
    ],
    [
      'a generator beside another source',
      { dataFrom: [{ find: {}, sourceRef: { generatorRef: { name: 'a' } } }] },
      'spec.dataFrom[0]: the entry has find and sourceRef.generatorRef',
    ],
    ['no source', { dataFrom: [{}] }, 'spec.dataFrom[0]: the entry names nothing to read'],
    [
      'a Secret that goes, of somebody else',
      { target: { creationPolicy: 'Merge', deletionPolicy: 'Delete' } },
      'spec.target.deletionPolicy: deletionPolicy Delete cannot be used with creationPolicy Merge',
    ],
    [
      'nothing to merge into',
      { target: { creationPolicy: 'None', deletionPolicy: 'Merge' } },
      'spec.target.deletionPolicy: deletionPolicy Merge cannot be used with creationPolicy None: there is no Secret to merge into',
    ],
    [
      'a bootstrap token',
      template({ type: 'bootstrap.kubernetes.io/token' }),
      'spec.target.template.type: a Secret of this type lets nodes join the cluster',
    ],
    [
      'a token of a service account',
      template({ type: token, ...annotated({ 'kubernetes.io/service-account.name': 'admin' }) }),
      'spec.target.template.type: a Secret of this type with that annotation makes Kubernetes issue a token of the service account',
    ],
    [
      'a template with another target',
      template({ templateFrom: [{ target: 'Data' }, { target: 'Spec' }] }),
      'spec.target.template.templateFrom[1].target: "Spec" is not a part of a Secret that a template can fill',
    ],
  ])('%s', (_, spec, problem) => {
    expect(ofExternalSecret(spec)).toEqual([problem]);
  });

  it.each<[string, Spec]>([
    ['one key', {}],
    [
      'an extract, a find and a generator, each by itself',
      {
        dataFrom: [{ extract: {} }, { find: {} }, { sourceRef: { generatorRef: {} } }],
      },
    ],
    ['an interval of several units', { refreshInterval: '1h0m0.5s' }],
    ['an interval of zero', { refreshInterval: '0' }],
    ['a Secret of its own that goes', { target: { deletionPolicy: 'Delete' } }],
    ['a merge into its own Secret', { target: { deletionPolicy: 'Merge' } }],
    ['a Secret of somebody else that stays', { target: { creationPolicy: 'Merge' } }],
    ['a type that grants nothing', template({ type: 'kubernetes.io/tls' })],
    ['that type without the annotation', template({ type: token, ...annotated({ a: 'b' }) })],
    ['that annotation without the type', template(annotated({ 'kubernetes.io/service-account.name': 'a' }))],
    [
      'templates with every target, and without one',
      template({
        templateFrom: [{ target: 'Data' }, { target: 'Annotations' }, { target: 'Labels' }, {}],
      }),
    ],
    [
      'a template for an object of any kind',
      template(
        { templateFrom: [{ target: 'spec.replicas' }] },
        { manifest: { apiVersion: 'v1', kind: 'ConfigMap' } },
      ),
    ],
  ])('but not %s', (_, spec) => {
    expect(ofExternalSecret(spec)).toEqual([]);
  });

  it.each([
    ['an error', 'error', {}],
    ['an error', 'error', { target: { deletionPolicy: 'Retain' } }],
    ['a warning', 'warning', { target: { deletionPolicy: 'Delete' } }],
  ])('a key twice is %s: what becomes of the Secret decides', (_, severity, target) => {
    const spec = { data: [{ secretKey: 'a' }, { secretKey: 'a' }], ...target };
    expect(checkWebhook('ExternalSecret', { spec })).toMatchObject([{ severity }]);
  });

  it('nothing of a key that is not there, as the schema says', () => {
    expect(ofExternalSecret({ data: [{}, {}] })).toEqual([]);
  });
});

describe("the operator's admission webhook refuses in a store", () => {
  const auth = (namespace: string) => ({
    region: 'us-west-2',
    auth: { jwt: { serviceAccountRef: { name: 'a', namespace } } },
  });

  it('a region that is none, and warns of one that it does not know', () => {
    expect(ofStore('SecretStore', { region: 'us-west-2' })).toEqual([]);
    expect(ofStore('SecretStore', { region: 'oregon' })).toEqual([
      'error spec.provider.aws.region: "oregon" is not a known AWS region',
    ]);
    expect(ofStore('ClusterSecretStore', { region: 'us-west-9' })).toEqual([
      'warning spec.provider.aws.region: "us-west-9" is not a known AWS region',
    ]);
  });

  it('a service account of another namespace, unless the store is of the whole cluster', () => {
    expect(ofStore('SecretStore', auth('orders'))).toEqual([
      'error spec.provider.aws.auth.jwt.serviceAccountRef.namespace: spec.provider.aws.auth.jwt.serviceAccountRef is in another namespace than the SecretStore',
    ]);
    expect(ofStore('SecretStore', auth('payments'))).toEqual([]);
    expect(ofStore('ClusterSecretStore', auth('orders'))).toEqual([]);
    const parts = { a: { name: 'no namespace' }, b: { namespace: 'no name' } };
    expect(ofStore('SecretStore', { region: 'us-west-2', auth: parts })).toEqual([]);
  });

  it('nothing of other providers, nor of other kinds', () => {
    const object = { spec: { provider: { vault: { region: 'oregon' } }, data: [] } };
    expect(checkWebhook('SecretStore', object)).toEqual([]);
    expect(checkWebhook('PushSecret', object)).toEqual([]);
    expect(ofStore('PushSecret', { region: 'oregon' })).toEqual([]);
    expect(ofStore('SecretStore', {})).toEqual([]);
  });
});
