/** Someone whom the API server knows. What each may do is up to RBAC. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

const serviceAccount = (namespace: string, name: string): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
});

/** May do everything. */
export const administrator: User = { name: 'administrator', groups: ['system:masters'] };

/** Applies what stands in dist. */
export const deployer: User = serviceAccount('argocd', 'argocd-application-controller');

/** The operator's own service account. */
export const operator: User = serviceAccount('external-secrets', 'external-secrets');

/** One of the people of service1. */
export const tenant1: User = { name: 'tenant1', groups: ['tenants'] };

/** Has the role that dist brings for tenants, in the namespace of service1, and no other rights. */
export const developer: User = { name: 'developer', groups: [] };

/** A program of the first tenant. */
export const tenant1Program: User = serviceAccount('service1-ns', 'default');

/** Every user. The administrator comes first, as the server asks for. */
export const users: readonly User[] = [administrator, deployer, operator, tenant1, developer, tenant1Program];
