import { collectionPath } from '../support/client.ts';
import { type Attack, own } from './attack.ts';

const stores = collectionPath('external-secrets.io/v1alpha1', 'SecretStore', own);
const spec = {
  provider: {
    aws: {
      service: 'SecretsManager',
      region: 'us-west-2',
      role: 'arn:aws:iam::123456789012:role/eso-secrets-access',
    },
  },
};

/** Through v1alpha1, which has no session tags: what the server reads and writes there lacks them. */
export const olderVersionAttacks: readonly Attack[] = [
  {
    attack: 'a store through v1alpha1, and a label that drops the tags of the good one',
    policy: 'eso-abac-secretstores',
    through: 'v1alpha1',
    requests: [
      {
        method: 'POST',
        path: stores,
        body: {
          apiVersion: 'external-secrets.io/v1alpha1',
          kind: 'SecretStore',
          metadata: { name: 'old' },
          spec,
        },
      },
      {
        method: 'PATCH',
        patch: 'merge',
        path: `${stores}/aws-secretsmanager`,
        body: { metadata: { labels: { any: 'label' } } },
      },
    ],
  },
];
