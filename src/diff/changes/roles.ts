import { grouped } from '../../grouped.ts';
import type { Dist, DistRole, OperatorRole } from '../../proof/files/model.ts';
import type { Policy } from '../../proof/iam/model.ts';
import type { Change, ChangeKind } from '../model.ts';
import { pairs, type Side } from '../side.ts';
import { names, type Words, words } from '../words.ts';
import { comparePolicies, type StatementChange } from './statements.ts';

/** What differs in the documents of roles, in the guards on tags, and in how operators get their roles. */
export function roleChanges({ dist: base }: Side, { dist: head }: Side): Change[] {
  const { added, removed, both } = pairs(byFolder(base), byFolder(head));
  return [
    ...added.map((role) => wholeRole(role, words`is new`)),
    ...removed.map((role) =>
      wholeRole(role, words`is gone from dist: delete it by hand, or it stays as it is`),
    ),
    ...both.flatMap(([before, after]) => roleDifferences(before, after)),
    ...tagGuardChanges(base, head),
    ...operatorChanges(base, head),
  ];
}

function byFolder({ roles }: Dist): Map<string, DistRole> {
  return new Map([...roles.values()].map((role) => [`${role.account}/${role.name}`, role]));
}

function wholeRole({ name, account }: DistRole, what: Words): Change {
  const text = words`role ${name} of account ${account} ${what}`;
  return {
    kind: 'role',
    danger: false,
    subject: name,
    text,
    together: words`roles of account ${account}: ${what}`,
  };
}

function roleDifferences(before: DistRole, after: DistRole): Change[] {
  const { name, account } = after;
  const change = (kind: ChangeKind, danger: boolean, text: Words): Change => ({
    kind,
    danger,
    subject: name,
    text,
    together: words`differences in roles of account ${account}`,
  });
  const role = words`role ${name} of account ${account}`;
  const differs = (what: string, from: string | undefined, to: string | undefined): Change[] => {
    const value = (text: string | undefined) => (text === undefined ? words`none` : words`${text}`);
    if (from === to) return [];
    return [change('role', true, words`${role} has another ${[what]}: ${value(from)} becomes ${value(to)}`)];
  };
  return [
    ...policyDifferences(before.role.identity[0], after.role.identity[0]).map(({ widens, text, added }) => {
      const isKey = added.some((value) => value.includes(':kms:'));
      return change(isKey ? 'kms' : 'policy', widens, words`the policy of ${role} ${text}`);
    }),
    ...trustDifferences(before, after).map(({ widens, text, callers }) => {
      const who = callers.length === 0 ? words`` : words`: ${names(callers)} can now assume the role`;
      return change('trust', widens, words`the trust policy of ${role} ${text}${who}`);
    }),
    ...differs('permissions boundary', before.permissionsBoundary, after.permissionsBoundary),
    ...differs('ARN', before.role.arn, after.role.arn),
  ];
}

function policyDifferences(before: Policy | undefined, after: Policy | undefined): StatementChange[] {
  return before === undefined || after === undefined ? [] : comparePolicies(before, after);
}

function trustDifferences(before: DistRole, after: DistRole): StatementChange[] {
  if (before.hasTrust !== after.hasTrust) {
    const text = after.hasTrust
      ? words`is in dist now`
      : words`is no longer in dist: nothing here says who may assume it`;
    return [{ widens: true, text, callers: [], added: [] }];
  }
  return comparePolicies(before.role.trust, after.role.trust);
}

function tagGuardChanges(base: Dist, head: Dist): Change[] {
  const accounts = new Set([...base.guards.keys(), ...head.guards.keys()]);
  return [...accounts].flatMap((account): Change[] => {
    const [before, after] = [base.guards.get(account), head.guards.get(account)];
    const change = (danger: boolean, what: Words): Change => ({
      kind: 'tag-guard',
      danger,
      subject: account,
      text: words`the tag guard of account ${account} ${what}`,
      together: words`differences in tag guards`,
    });
    if (before === undefined)
      return [
        change(
          false,
          words`is new: only the administrators that it names may change tags that decide who reads`,
        ),
      ];
    if (after === undefined)
      return [change(true, words`goes: whoever may tag a secret then decides who reads it`)];
    return comparePolicies(before, after).map(({ widens, text }) => change(widens, text));
  });
}

const settings: readonly (readonly [string, (operator: OperatorRole) => string])[] = [
  ['role', ({ role }) => role],
  ['way to its role', ({ kind }) => (kind === 'irsa' ? 'IRSA' : 'EKS Pod Identity')],
  ['service account', ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`],
  ['session tags of EKS', ({ sessionTags }) => (sessionTags ? 'on' : 'off')],
  ['session policy', ({ sessionPolicy }) => JSON.stringify(sessionPolicy && comparable(sessionPolicy))],
];

function comparable({ statements }: Policy): unknown {
  return JSON.parse(JSON.stringify(statements, (key, value) => (key === 'location' ? undefined : value)));
}

function operatorChanges(base: Dist, head: Dist): Change[] {
  const byName = ({ clusters }: Dist) => new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const found = pairs(byName(base), byName(head)).both.flatMap(([before, after]) =>
    settings.flatMap(([name, of]) => {
      const values = [before.operator, after.operator].map((one) => (one === undefined ? '' : of(one)));
      const [from = '', to = ''] = values;
      return from === to ? [] : [{ cluster: after.name, name, from, to }];
    }),
  );
  const groups = grouped(found, ({ name, from, to }) => JSON.stringify([name, from, to]));
  return [...groups.values()].map((group): Change => {
    const [{ name, from, to }] = group;
    const clusters = names(group.map(({ cluster }) => cluster));
    const value = (text: string) => (text === '' ? words`none that dist names` : words`${text}`);
    const what: Words =
      name === 'session policy'
        ? ['another session policy']
        : [`another ${name}: `, ...value(from), ' becomes ', ...value(to)];
    return {
      kind: 'operator',
      danger: true,
      subject: name,
      text: words`the operator in ${clusters} gets ${what}`,
      together: words`differences in the operators of ${clusters}`,
    };
  });
}
