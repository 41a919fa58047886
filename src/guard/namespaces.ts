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
    { name: 'added', expression: claimsOf('labels', 'oldLabels') },
    { name: 'removed', expression: claimsOf('oldLabels', 'labels') },
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

/** What some labels claim and others do not. Labels are looked up by their keys: lists would cost their lengths' product. */
function claimsOf(some: 'labels' | 'oldLabels', others: 'labels' | 'oldLabels'): string {
  const [map, other] = [`variables.${some}`, `variables.${others}`];
  const isAlike = `key in ${other} && ${other}[key] == ${map}[key]`;
  return `${map}.filter(key,\n(${isGuardedLabel('key')}) &&\n!(${isAlike}))\n.map(key, key + '=' + ${map}[key])`;
}
