import { isDnsSubdomain } from '../../dns-names.ts';
import { list, type Mapping, mapping, text } from '../files/store.ts';
import { claimGroup } from './authorizer.ts';
import type { Grant, Right } from './model.ts';
import { nameOf, type PlatformObject, texts, unknownKeys } from './read.ts';

/** A ClusterRole that has been read. */
export interface Role {
  readonly name: string;
  readonly rights: readonly Right[];
}

const rbacGroup = 'rbac.authorization.k8s.io';
const reading = ['get', 'list', 'watch'];
/** The one role that says what namespaces may claim. */
export const deployerRole = 'eso-abac-deployer';
/**
 * Begins the names of bindings of dist. Kubernetes and charts have theirs, and the API server lets no binding have another role:
 * it would refuse the object, and an engine with it the platform.
 *
 * Source: Kubernetes, "Using RBAC Authorization", on ClusterRoleBinding.
 */
const ownPrefix = 'eso-abac-';
const ownLabels = ['app.kubernetes.io/managed-by'];

/**
 * Reads a ClusterRole. It gives the right to say what namespaces may claim, or to read what the operator is told; any
 * other right is reported, and one that gives nothing, as it would keep out those who deploy. So is a label, since a label
 * can make a role part of another one.
 */
export function readRole(one: PlatformObject): Role {
  const { object, complain } = one;
  unknownKeys(mapping(object.metadata).labels, ownLabels, ['metadata', 'labels'], (_, path, ...words) =>
    complain('proof-guard', path, ...words),
  );
  const rights = list(object.rules).map((rule, index): Right => {
    unknownKeys(rule, ['apiGroups', 'resources', 'verbs', 'resourceNames'], ['rules', index], complain);
    const { apiGroups, resources, verbs, resourceNames } = mapping(rule);
    const right = {
      apiGroups: texts(apiGroups),
      resources: texts(resources),
      verbs: texts(verbs),
      resourceNames: texts(resourceNames),
    };
    if (!isExpected(right))
      complain(
        'proof-guard',
        ['rules', index],
        `the role "${nameOf(one)}" gives ${describe(right)}`,
        `claim on identities of ${claimGroup}; ${reading.join(', ')} on what is external-secrets.io's`,
      );
    return right;
  });
  reportName(one, rights);
  if (rights.length === 0)
    complain('proof-guard', [], `the role "${nameOf(one)}" gives nothing`, 'the rights of those who deploy');
  return { name: nameOf(one), rights };
}

/**
 * Complains about a role with the right to claim that people may have by other bindings than those of dist. Kubernetes binds
 * some of its own to everybody, and the platform binds that of tenants.
 */
function reportName(one: PlatformObject, rights: readonly Right[]): void {
  const name = nameOf(one);
  if (name === deployerRole || !rights.some(({ apiGroups }) => apiGroups.includes(claimGroup))) return;
  const message = `others than deployers may be bound to the role "${name}"`;
  one.complain('proof-guard', ['metadata', 'name'], message, deployerRole);
}

function describe({ verbs, resources, apiGroups, resourceNames }: Right): string {
  const list = (texts: readonly string[]) => texts.join(', ') || 'nothing';
  const named = resourceNames.length > 0 ? ` named ${resourceNames.join(', ')}` : '';
  return `${list(verbs)} on ${list(resources)}${named} of ${list(apiGroups.map((group) => group || 'core'))}`;
}

function isExpected({ apiGroups, resources, verbs, resourceNames }: Right): boolean {
  const only = (found: readonly string[], ...known: readonly string[]) =>
    found.length > 0 && found.every((text) => known.includes(text));
  const isClaim = only(apiGroups, claimGroup) && only(resources, 'identities') && only(verbs, 'claim');
  return (
    (isClaim && resourceNames.length === 0) ||
    (only(apiGroups, 'external-secrets.io') && resources.length > 0 && only(verbs, ...reading))
  );
}

/** Whether the API server takes a subject. Source: Subject in the Kubernetes API reference (rbac/v1). */
function isTaken({ kind, apiGroup, name, namespace }: Mapping): boolean {
  const group = text(apiGroup);
  if (kind !== 'ServiceAccount') return ['', rbacGroup].includes(group);
  return group === '' && isDnsSubdomain(text(name)) && text(namespace) !== '';
}

/** Reads a ClusterRoleBinding: who gets which role. A role that is not in dist may give anything. */
export function readGrants(one: PlatformObject, roles: readonly Role[]): Grant[] {
  const { object, complain } = one;
  const name = nameOf(one);
  if (!name.startsWith(ownPrefix))
    complain(
      'proof-guard',
      ['metadata', 'name'],
      `a binding "${name}" may be there already, and no binding gets another role`,
      `a name that begins with ${ownPrefix}`,
    );
  const roleName = text(mapping(object.roleRef).name);
  const role = roles.find(({ name }) => name === roleName);
  if (name !== roleName && roles.some((one) => one.name === name))
    complain(
      'proof-guard',
      ['roleRef', 'name'],
      `the binding "${name}" may be there already, to the role of its name, and no binding gets another role`,
      name,
    );
  if (role === undefined)
    complain(
      'proof-guard',
      ['roleRef', 'name'],
      `the role "${roleName}" is not in dist`,
      roles.map(({ name }) => name).join(', '),
    );
  return list(object.subjects).map((subject, index) => {
    unknownKeys(subject, ['kind', 'apiGroup', 'name', 'namespace'], ['subjects', index], complain);
    const { kind, name, namespace } = mapping(subject);
    if (!isTaken(mapping(subject)))
      complain(
        'proof-guard',
        ['subjects', index],
        `the API server refuses the binding: ${text(kind)} "${text(name)}" is no such subject`,
        `a User or Group of ${rbacGroup}, or a ServiceAccount with its namespace`,
      );
    const everybody = [
      'system:authenticated',
      'system:unauthenticated',
      'system:serviceaccounts',
      'system:anonymous',
    ];
    if (everybody.includes(text(name)))
      complain(
        'proof-guard',
        ['subjects', index],
        `${text(name)} is everybody, tenants too`,
        'those who deploy',
      );
    return {
      subject: { kind: text(kind), name: text(name), namespace: text(namespace) },
      rights: role?.rights ?? [],
    };
  });
}
