import type { AdmissionPolicy } from './admission-policy.ts';
import { lines } from './cel.ts';
import { mayClaim } from './variables.ts';

/**
 * The policy for the rights that the other policies rest on: our own roles, bindings to them, and any role that names
 * our API group, are changed by deployers alone. Kubernetes does not let a policy judge policies and their bindings:
 * who may write those is a matter of RBAC.
 */
export const ownObjectsPolicy: AdmissionPolicy = {
  name: 'eso-abac-guard',
  rules: [
    {
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['clusterroles', 'clusterrolebindings'],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
    },
  ],
  variables: [
    { name: 'objects', expression: '[object, oldObject]\n.filter(one, one != null)' },
    {
      name: 'isOurs',
      expression: lines(
        [
          "variables.objects.exists(one, one.metadata.name.startsWith('eso-abac-'))",
          "variables.objects.exists(one, one.?roleRef.?name.orValue('').startsWith('eso-abac-'))",
          // A ClusterRole without rules has them as null.
          'variables.objects.exists(one, one.?rules.orValue(null) != null &&\n' +
            "one.rules.exists(rule, rule.?apiGroups.orValue(null) != null && 'eso-abac' in rule.apiGroups))",
        ],
        '||',
      ),
    },
    mayClaim,
  ],
  validations: [
    {
      expression: '!variables.isOurs ||\nvariables.mayClaim',
      message:
        'expected the rights of eso-abac unchanged; guard.deployers in services.yaml names who has them',
      messageExpression:
        "request.kind.kind + ': expected the rights of eso-abac unchanged, found ' + request.operation +\n" +
        "' of ' + request.name + '; change services.yaml, where guard.deployers names who may apply it'",
    },
  ],
};
