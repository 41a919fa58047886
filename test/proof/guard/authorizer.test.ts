import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import {
  administrator,
  askingFor,
  authorizerFor,
  granted,
  mayClaim,
  person,
  serviceAccount,
  tenantUsers,
} from '../../../src/proof/guard/authorizer.ts';
import { deployers } from '../../../src/proof/guard/everyday.ts';
import type { User } from '../../../src/proof/guard/model.ts';
import { guardOf, role, roleBinding } from './platform.ts';

const ci: User = { username: 'ci', groups: ['system:authenticated'] };
const member: User = { username: 'member', groups: ['system:authenticated', 'deployers'] };
const program = {
  username: 'system:serviceaccount:ci:deployer',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:ci', 'system:authenticated'],
};
const users: Readonly<Record<string, User>> = { person, administrator, ci, member, program };
const right = (parts: Mapping = {}) =>
  role({ rules: [{ apiGroups: ['eso-abac'], resources: ['identities'], verbs: ['claim'], ...parts }] });

/** Those who may say what namespaces may claim. */
function claimers(...objects: readonly Mapping[]): string[] {
  const guard = guardOf(...objects);
  return Object.keys(users).filter((name) => mayClaim(users[name] ?? person, guard));
}

describe('who may say what namespaces may claim (Kubernetes, "Using RBAC Authorization")', () => {
  it.each([
    ['nobody but administrators', [], []],
    ['a user', [{ kind: 'User', name: 'ci' }], ['ci']],
    ['a group', [{ kind: 'Group', name: 'deployers' }], ['member']],
    ['a service account', [{ kind: 'ServiceAccount', name: 'deployer', namespace: 'ci' }], ['program']],
    ['one of another namespace', [{ kind: 'ServiceAccount', name: 'deployer', namespace: 'prod' }], []],
    ['one of another name', [{ kind: 'ServiceAccount', name: 'other', namespace: 'ci' }], []],
    ['what is no kind of subject', [{ kind: 'Machine', name: 'ci' }], []],
    ['a user with the name of a group', [{ kind: 'User', name: 'deployers' }], []],
    ['a group with the name of a user', [{ kind: 'Group', name: 'ci' }], []],
    [
      'some of them',
      [
        { kind: 'User', name: 'ci' },
        { kind: 'Group', name: 'deployers' },
      ],
      ['ci', 'member'],
    ],
  ])('%s', (_, subjects, names) => {
    expect(claimers(role(), roleBinding({ subjects }))).toEqual(['administrator', ...names]);
  });

  it.each([
    ['any group', { apiGroups: ['*'] }, true],
    ['another group', { apiGroups: ['apps'] }, false],
    ['any resource', { resources: ['*'] }, true],
    ['another resource', { resources: ['services'] }, false],
    ['any verb', { verbs: ['*'] }, true],
    ['another verb', { verbs: ['get'] }, false],
    ['one name', { resourceNames: ['a'] }, false],
  ])('by a right on %s', (_, parts, is) => {
    expect(claimers(right(parts), roleBinding())).toEqual(['administrator', ...(is ? ['ci'] : [])]);
  });

  it('by one of some rights', () => {
    const rules = [right({ verbs: ['get'] }), right()].flatMap((one) => one.rules);
    expect(claimers(role({ rules }), roleBinding())).toEqual(['administrator', 'ci']);
    expect(claimers(role({ rules: [] }), roleBinding())).toEqual(['administrator']);
  });
});

describe('every other right a tenant may have', () => {
  const guard = () => guardOf(right({ resourceNames: ['a'], verbs: ['update'] }), roleBinding());
  const may = (user: User, parts: Readonly<Record<string, string>>) => {
    const question = Object.entries(parts).reduce(
      (asked, [part, text]) => askingFor(asked, part as 'name', text),
      authorizerFor(user, guard()),
    );
    return question.answers(question.parts);
  };
  const update = { group: 'eso-abac', resource: 'identities', check: 'update' };
  it.each([
    ['to change what dist is about', person, update, false],
    ['to do so as an administrator', administrator, update, true],
    ['to do so in a namespace', person, { ...update, namespace: 'prod' }, true],
    ['to do so in another group', person, { ...update, group: 'apps' }, true],
    ['to get anything', person, { ...update, check: 'get' }, true],
    ['to list anything', person, { ...update, check: 'list' }, true],
    ['to watch anything', person, { ...update, check: 'watch' }, true],
    ['to change what it is granted', ci, { ...update, name: 'a' }, true],
    ['to change what it is not granted', ci, { ...update, name: 'b' }, false],
    ['to change all of it', ci, update, false],
    ['to change a part of what it is granted', ci, { ...update, name: 'a', subresource: 'b' }, false],
    ['to do nothing in particular', ci, { group: 'eso-abac' }, false],
    ['to do anything', ci, {}, true],
  ])('%s', (_, user, parts, is) => {
    expect(may(user, parts)).toBe(is);
  });
});

describe('users', () => {
  const subjects = [
    { kind: 'User', name: 'ci' },
    { kind: 'Group', name: 'deployers' },
    { kind: 'ServiceAccount', name: 'deployer', namespace: 'ci' },
    { kind: 'ServiceAccount', name: 'deployer', namespace: 'ci-2' },
  ];
  const guardOfAll = () => guardOf(role(), roleBinding({ subjects }));

  it('a service account is in the groups of all and of its namespace', () => {
    expect(serviceAccount('ci', 'deployer')).toEqual(program);
  });

  it('those to whom dist gives rights have them', () => {
    const guard = guardOfAll();
    expect(granted(guard)).toEqual([ci, member, program, serviceAccount('ci-2', 'deployer')]);
    expect(granted(guard).every((user) => mayClaim(user, guard))).toBe(true);
  });

  it('those deploy who may say what namespaces may claim, and administrators', () => {
    const reader = {
      ...roleBinding({ subjects: [{ kind: 'User', name: 'reader' }] }),
      metadata: { name: 'readers' },
    };
    const reads = role({ metadata: { name: 'reader' }, rules: [] });
    const roleRef = { kind: 'ClusterRole', name: 'reader' };
    const guard = guardOf(role(), roleBinding(), reads, { ...reader, roleRef });
    expect(granted(guard)).toHaveLength(2);
    expect(deployers(guard)).toEqual([administrator, ci]);
  });

  it('a tenant can be a person, and whoever lives in its namespace', () => {
    const guard = guardOfAll();
    expect(tenantUsers('ci', guard)).toEqual([person, serviceAccount('ci', 'default'), program]);
    expect(tenantUsers('prod', guard)).toEqual([person, serviceAccount('prod', 'default')]);
  });
});
