import type { Mapping } from '../../src/proof/files/store.ts';
import { person, serviceAccount } from '../../src/proof/guard/authorizer.ts';
import type { User } from '../../src/proof/guard/model.ts';
import { role, roleBinding } from '../proof/guard/platform.ts';
import { Chance } from './chance.ts';

/** A question to the authorizer, with who asks. */
export interface Asked {
  readonly user: User;
  readonly parts: Readonly<
    Record<'check' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name', string>
  >;
}

/** Writes roles and bindings by chance, and questions about the rights that they give. */
export class Rights extends Chance {
  objects(): Mapping[] {
    const rules = () => this.odd(this.several(3, () => this.rule()));
    const others = this.several(2, () => 0).map((_, index) => this.binding(`eso-abac-deployers-${index}`));
    return [role({ rules: rules() }), role({ rules: rules(), metadata: { name: 'other' } }), ...others];
  }

  private binding(name: string): Mapping {
    const kind = this.rarely(40, () => 'Role') ?? 'ClusterRole';
    const roleName = this.rarely(10, () => this.pick(['other', 'view'])) ?? 'eso-abac-deployer';
    return roleBinding({
      metadata: { name },
      roleRef: this.odd({ kind, name: this.odd(roleName), ...this.maybe('apiGroup', () => rbac) }),
      subjects: this.odd(this.several(3, () => this.subject())),
    });
  }

  private rule(): Mapping {
    const claim = { apiGroups: ['eso-abac'], resources: ['identities'], verbs: ['claim'] };
    const some = (items: readonly string[]) => this.odd(this.several(2, () => this.odd(this.pick(items))));
    const reading = {
      apiGroups: ['external-secrets.io'],
      resources: some(['*', 'secretstores', 'identities', '*/status']),
      verbs: some(['get', 'list', 'watch']),
      ...this.maybe('resourceNames', () => some(['a', 'b'])),
    };
    const any = {
      apiGroups: some(['*', 'eso-abac', 'Eso-Abac']),
      resources: some(['*', 'identities', 'identities/x']),
      verbs: some(['*', 'claim', 'update']),
    };
    return this.rarely(20, () => any) ?? this.pick([claim, reading]);
  }

  private subject(): Mapping {
    const kind = this.pick(['User', 'Group', 'ServiceAccount']);
    const isAccount = kind === 'ServiceAccount';
    return {
      kind: this.odd(kind),
      name: this.odd(
        this.rarely(12, () => this.pick(namesOfMany)) ?? this.pick(['ci', 'deployer', 'default']),
      ),
      ...this.maybe('apiGroup', () => (isAccount ? '' : rbac)),
      ...(isAccount ? { namespace: this.odd(this.pick(['ci', 'prod'])) } : {}),
    };
  }

  asked(): Asked {
    const parts = {
      check: this.pick([...Array(8).fill('claim'), 'get', 'update', '*', '']),
      group: this.pick([...Array(8).fill('eso-abac'), 'external-secrets.io', '']),
      resource: this.pick([...Array(8).fill('identities'), 'secretstores', '*', '']),
      subresource: this.pick(['', '', '', 'x']),
      namespace: this.pick([...Array(8).fill(''), 'prod']),
      name: this.pick(['', '', 'a']),
    };
    return { user: this.pick(users), parts };
  }
}

const rbac = 'rbac.authorization.k8s.io';
const namesOfMany = [
  'system:serviceaccounts:ci',
  'system:serviceaccount:ci:deployer',
  'system:masters',
  'system:nodes',
  'ci:x',
];

const users: readonly User[] = [
  person,
  serviceAccount('ci', 'deployer'),
  serviceAccount('ci', 'default'),
  serviceAccount('prod', 'ci'),
  { username: 'ci', groups: ['system:authenticated'] },
  { username: 'member', groups: ['system:authenticated', 'deployer', 'ci'] },
  { username: 'deployer', groups: ['system:authenticated', 'system:nodes'] },
];
