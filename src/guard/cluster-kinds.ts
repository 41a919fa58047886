import type { Fleet } from '../fleet/model.ts';
import type { AdmissionPolicy } from './admission-policy.ts';
import { lines, list, quote } from './cel.ts';
import { isUnchanged, mayClaim } from './variables.ts';

/**
 * The policy for every other kind of the operator: stores and secrets of the whole cluster, what is pushed, and
 * generators. A kind that a later release brings is among them by itself.
 */
export function clusterKindsPolicy({ guard, operator }: Fleet): AdmissionPolicy {
  const account = `system:serviceaccount:${operator.namespace}:${operator.serviceAccount}`;
  const operations = ['CREATE', 'UPDATE'] as const;
  return {
    name: 'eso-abac-cluster-kinds',
    rules: [
      { apiGroups: ['external-secrets.io'], resources: ['*'], operations },
      { apiGroups: ['generators.external-secrets.io'], resources: ['*'], operations },
    ],
    variables: [
      isUnchanged,
      {
        name: 'hasOwnPolicy',
        expression:
          "request.resource.group == 'external-secrets.io' &&\n" +
          "request.resource.resource in ['secretstores', 'externalsecrets']",
      },
      // The operator makes these itself, from objects that were let in.
      {
        name: 'isMadeByOperator',
        expression: `request.userInfo.username == ${quote(account)} &&\nrequest.kind.kind in ['GeneratorState', 'PushSecret']`,
      },
      mayClaim,
    ],
    validations: [
      {
        expression: lines(
          [
            'variables.hasOwnPolicy',
            'variables.isUnchanged',
            `request.kind.kind in ${list(guard.allow.generators)}`,
            'variables.isMadeByOperator',
            'variables.mayClaim',
          ],
          '||',
        ),
        message:
          'expected SecretStores and ExternalSecrets alone; guard.allow in services.yaml names what else may be',
        messageExpression:
          "'expected SecretStores and ExternalSecrets alone, found ' + request.kind.kind +\n" +
          "'; guard.allow and guard.deployers in services.yaml name what else may be and who may'",
      },
    ],
  };
}
