import type { Tenant } from '../../../src/proof/files/model.ts';
import { type Ground, groundOf } from '../../../src/proof/guard/ground.ts';
import { type Guard, noGuard, type Sample } from '../../../src/proof/guard/model.ts';
import { Samples } from '../../../src/proof/guard/samples.ts';
import { objectsIn } from '../../support/run-compile.ts';

/** A service as dist has it, with all that forgeries change. */
export const manifest = `
apiVersion: v1
kind: Namespace
metadata:
  name: ledger
  labels:
    eso-abac/service: ledger
    shared.eso-abac/datadog: 'true'
    team: money
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: eso
  namespace: ledger
spec:
  provider:
    aws:
      service: SecretsManager
      region: us-west-2
      role: arn:aws:iam::111122223333:role/access
      externalID: secrets
      additionalRoles:
        - arn:aws:iam::111122223333:role/hop
      sessionTags:
        - key: team
          value: ledger
        - key: environment
          value: prod
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: db
  namespace: ledger
spec:
  secretStoreRef:
    name: eso
    kind: SecretStore
  data:
    - secretKey: key
      remoteRef:
        key: ledger/db
`;

/** The objects of a service, after a change of the text that they are read from. */
export function sampleOf(change: (text: string) => string = (text) => text): Sample {
  const samples = new Samples(noGuard('prod'));
  samples.add('ledger.yaml', objectsIn(change(manifest)));
  const [sample] = samples.all();
  if (sample === undefined) throw new Error('this is no service');
  return sample;
}

/** A guard with some of what a guard can have, besides policies. */
export function guardWith(parts: Partial<Guard>): Guard {
  return { ...noGuard('prod'), operatorNamespace: 'external-secrets', ...parts };
}

/** A service that wants nothing. */
export const idleTenant = (service: string): Tenant => ({
  cluster: 'prod',
  file: `${service}.yaml`,
  service,
  namespace: service,
  identities: [service],
  stores: [],
  reads: [],
});
const others = ['orders', 'shipping'].map(idleTenant);

/** What forgeries of a service are made from, in a cluster with other services. */
export function groundFor(sample: Sample, guard = guardWith({}), isAlone = false): Ground {
  const identities = { services: new Set(['ledger', 'search']), shared: new Set(['datadog', 'sentry']) };
  const tags = { identityKey: 'team', keys: ['team', 'environment'] };
  const ground = groundOf(sample, { name: 'prod', tenants: isAlone ? [] : others }, identities, guard, tags);
  if (ground === undefined) throw new Error('the service has no store');
  return ground;
}
