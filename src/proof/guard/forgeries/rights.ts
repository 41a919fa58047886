import type { Mapping } from '../../files/store.ts';
import { claimRule } from '../authorizer.ts';
import { plainName } from '../changes.ts';
import type { Ground } from '../ground.ts';
import type { Attempt } from '../model.ts';
import { deployerRole } from '../read-rights.ts';
import { creation, deletion, type Kind, kinds, patched, update } from '../requests.ts';

const group = 'rbac.authorization.k8s.io';

/** Ways to get the right to say what namespaces may claim, for a tenant who may write roles and bindings. */
export function rightsForgeries({ guard }: Ground): Attempt[] {
  const [own = { name: deployerRole, object: { metadata: { name: deployerRole } } }] = guard.roles;
  const roles = guard.roles.length === 0 ? [own] : guard.roles;
  const rules = [claimRule];
  const subjects = [{ kind: 'User', apiGroup: group, name: 'tenant' }];
  const binding = (name: string) => ({
    metadata: { name },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: own.name },
    subjects,
  });
  const plain = {
    metadata: { name: plainName },
    rules: [{ apiGroups: ['apps'], resources: ['*'], verbs: ['*'] }],
  };
  const bare = { metadata: { name: plainName }, rules: null };
  const { ClusterRole, ClusterRoleBinding } = kinds;
  return [
    {
      what: 'bind the role of deployers to itself',
      request: creation(ClusterRoleBinding, binding(plainName), null),
    },
    {
      what: 'bind the role of deployers to itself in its name',
      request: creation(ClusterRoleBinding, binding(own.name), null),
    },
    {
      what: 'write a role with the right to claim',
      request: creation(ClusterRole, { ...plain, rules }, null),
    },
    {
      what: 'write a role with the right to claim behind others',
      request: creation(ClusterRole, { ...plain, rules: [...plain.rules, ...rules] }, null),
    },
    {
      what: 'give a role the right to claim',
      request: update(ClusterRole, plain, { ...plain, rules }, null),
    },
    {
      what: 'give a role without rules the right to claim',
      request: update(ClusterRole, bare, { ...plain, rules }, null),
    },
    {
      what: 'bind a role with the right to claim to others',
      request: update(ClusterRoleBinding, { ...binding(plainName), subjects: [] }, binding(plainName), null),
    },
    ...roles.flatMap(({ name, object }) => [
      {
        what: `change the role ${name}`,
        request: update(ClusterRole, object, patched(object, { rules: [] }), null),
      },
      ...deletions(`the role ${name}`, ClusterRole, object),
    ]),
    ...guard.bindings.flatMap(({ name, object }) => [
      {
        what: `add itself to the binding ${name}`,
        request: update(ClusterRoleBinding, object, patched(object, { subjects }), null),
      },
      ...deletions(`the binding ${name}`, ClusterRoleBinding, object),
    ]),
  ];
}

/** By its name, and with all of its kind: then the request has no name. Source: k8s.io/apiserver, DeleteCollection. */
function deletions(which: string, kind: Kind, object: Mapping): Attempt[] {
  const request = deletion(kind, object, null);
  return [
    { what: `delete ${which}`, request },
    { what: `delete ${which} with all others`, request: { ...request, name: '' } },
  ];
}
