import type { AdmissionPolicy } from './admission-policy.ts';
import { isGuardedLabel, mayClaim } from './variables.ts';

/**
 * The policy for Namespaces: the labels that say what a namespace may claim are set, changed and removed by deployers
 * alone, and so is a namespace that has any deleted. Subresources are judged too: an update of a Namespace's status or
 * of its finalizers takes labels along. There is no exemption for accounts of Kubernetes; what leaves the labels as they
 * are passes.
 */
export const namespacePolicy: AdmissionPolicy = {
  name: 'eso-abac-namespaces',
  rules: [
    {
      apiGroups: [''],
      resources: ['namespaces', 'namespaces/*'],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
    },
  ],
  variables: [
    { name: 'labels', expression: 'object == null\n? {}\n: object.metadata.?labels.orValue({})' },
    { name: 'oldLabels', expression: 'oldObject == null\n? {}\n: oldObject.metadata.?labels.orValue({})' },
    { name: 'claims', expression: claimsOf('labels') },
    { name: 'oldClaims', expression: claimsOf('oldLabels') },
    { name: 'added', expression: 'variables.claims.filter(claim, !(claim in variables.oldClaims))' },
    { name: 'removed', expression: 'variables.oldClaims.filter(claim, !(claim in variables.claims))' },
    mayClaim,
  ],
  validations: [
    {
      expression: 'variables.added.size() + variables.removed.size() == 0 || variables.mayClaim',
      message:
        'the labels eso-abac/ and shared.eso-abac/ are those of services.yaml; guard.deployers names who may change them',
      messageExpression:
        "'Namespace: expected the labels eso-abac/ and shared.eso-abac/ unchanged, found ' +\n" +
        "(variables.added.size() > 0 ? variables.added.join(', ') : 'some removed') +\n" +
        "'; change services.yaml, where guard.deployers names who may apply it'",
    },
  ],
};

/** Keys hold no `=`, so that two claims are equal only when key and value are. */
function claimsOf(labels: 'labels' | 'oldLabels'): string {
  const map = `variables.${labels}`;
  return `${map}.filter(key,\n${isGuardedLabel('key')}).map(key, key + '=' + ${map}[key])`;
}
