import { managedByLabel } from '../fleet/labels.ts';
import { lines } from './cel.ts';
import type { PlatformObject } from './platform.ts';

/** An expression of CEL that others can use as `variables.<name>`. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

/** A condition that each request must meet. */
export interface Validation {
  /** CEL: what must be true. */
  readonly expression: string;
  /** What is said when `messageExpression` cannot be used: when it fails, is too long or would have several lines. */
  readonly message: string;
  /** CEL: one sentence that says what was expected and found. */
  readonly messageExpression: string;
}

/** Which requests a policy judges: those for one of the resources of one of the groups, by one of the operations. */
export interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE')[];
}

/** What an admission policy is made from. */
export interface AdmissionPolicy {
  readonly name: string;
  readonly rules: readonly ResourceRule[];
  /** Each may use those before it. */
  readonly variables: readonly Variable[];
  readonly validations: readonly Validation[];
}

/**
 * A ValidatingAdmissionPolicy for the whole cluster, in every API version, and the binding that puts it in force. What
 * cannot be judged is refused. Every field that the API server would fill in is written.
 *
 * Source: admissionregistration.k8s.io/v1 in the Kubernetes API reference; since Kubernetes 1.30.
 */
export function admissionObjects({ name, rules, variables, validations }: AdmissionPolicy): PlatformObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name, labels: managedByLabel };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          resourceRules: rules.map(({ apiGroups, resources, operations }) => ({
            apiGroups,
            apiVersions: ['*'],
            resources,
            operations,
            scope: '*',
          })),
        },
        variables,
        validations: validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}

/**
 * A validation whose message says what was expected and found.
 *
 * @param kind of the objects that it is about
 * @param unless conditions under which it does not apply
 * @param condition in CEL
 * @param expected a text in CEL
 * @param found a text in CEL; only what the request itself holds, so that nothing of other tenants gets out
 */
export function validation(
  kind: 'SecretStore' | 'ExternalSecret',
  unless: readonly string[],
  condition: string,
  expected: string,
  found: string,
): Validation {
  return {
    expression: lines([...unless, condition], '||'),
    message: `this ${kind} is not one that services.yaml yields; change services.yaml and apply what it yields`,
    messageExpression: lines(
      [`'${kind}: expected '`, expected, `', found '`, found, `'; change services.yaml'`],
      '+',
    ),
  };
}
