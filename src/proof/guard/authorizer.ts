import type { Grant, Guard, Right, User } from './model.ts';

/** The API group of the right to say what namespaces may claim. */
export const claimGroup = 'eso-abac';

/** The rule of a role that gives the right to say what namespaces may claim. */
export const claimRule = { apiGroups: [claimGroup], resources: ['identities'], verbs: ['claim'] };

type Part = 'group' | 'resource' | 'subresource' | 'namespace' | 'name' | 'check';

type Parts = Readonly<Partial<Record<Part, string>>>;

/** Whether somebody has a right: a question to the authorizer, as expressions put it together. Plain data, as CEL wants it. */
export interface Question {
  readonly parts: Parts;
  readonly answers: (parts: Parts) => boolean;
}

/** A question that asks for more. */
export function askingFor({ parts, answers }: Question, part: Part, text: string): Question {
  return { parts: { ...parts, [part]: text }, answers };
}

/**
 * The authorizer as it answers for a user. Of the rights that dist is about, those that dist grants count. Every other
 * right a tenant may have: to read anything, since there are roles that read everything; anything in a namespace, where
 * any role can be bound; anything on objects of other API groups.
 */
export function authorizerFor(user: User, { grants }: Pick<Guard, 'grants'>): Question {
  const answers = (parts: Parts) => {
    const { group = '', namespace = '', check = '' } = parts;
    if (user.isAdministrator === true || namespace !== '' || group !== claimGroup) return true;
    if (['get', 'list', 'watch'].includes(check)) return true;
    return grants.some(
      (grant) => isSubject(grant, user) && grant.rights.some((right) => covers(right, parts)),
    );
  };
  return { parts: {}, answers };
}

/** Whether a user may say what namespaces may claim, as Kubernetes' authorization of dist has it. */
export function mayClaim(user: User, guard: Pick<Guard, 'grants'>): boolean {
  return authorizerFor(user, guard).answers({ group: claimGroup, resource: 'identities', check: 'claim' });
}

/** Source: Kubernetes, "Using RBAC Authorization", on subjects. */
function isSubject({ subject: { kind, name, namespace } }: Grant, { username, groups }: User): boolean {
  if (kind === 'ServiceAccount') return username === `system:serviceaccount:${namespace}:${name}`;
  return kind === 'Group' ? groups.includes(name) : kind === 'User' && username === name;
}

function covers(right: Right, parts: Parts): boolean {
  const { group = '', resource = '', subresource = '', name = '', check = '' } = parts;
  const asked = subresource === '' ? resource : `${resource}/${subresource}`;
  const holds = (list: readonly string[], text: string) => list.includes(text) || list.includes('*');
  const named = right.resourceNames.length === 0 || right.resourceNames.includes(name);
  return holds(right.apiGroups, group) && holds(right.resources, asked) && holds(right.verbs, check) && named;
}

/** A service account as a user. Source: Kubernetes, "Authenticating", on service account tokens. */
export function serviceAccount(namespace: string, name: string): User {
  return {
    username: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

/** A person without any right of dist. */
export const person: User = { username: 'tenant', groups: ['system:authenticated'] };

/** Whoever set up the cluster. */
export const administrator: User = {
  username: 'administrator',
  groups: ['system:masters', 'system:authenticated'],
  isAdministrator: true,
};

/** Those to whom dist gives rights, as users. */
export function granted({ grants }: Pick<Guard, 'grants'>): User[] {
  return grants.map(({ subject: { kind, name, namespace } }) => {
    if (kind === 'ServiceAccount') return serviceAccount(namespace, name);
    const groups = ['system:authenticated'];
    return kind === 'Group' ? { username: 'member', groups: [...groups, name] } : { username: name, groups };
  });
}

/**
 * Everybody that a tenant can be: a person, the service accounts of its namespace, and of those to whom dist gives
 * rights the ones that live there.
 */
export function tenantUsers(namespace: string, guard: Guard): User[] {
  const own = `system:serviceaccount:${namespace}:`;
  return [
    person,
    serviceAccount(namespace, 'default'),
    ...granted(guard).filter(({ username }) => username.startsWith(own)),
  ];
}
