import type { Grant, Operator } from './operators.ts';
import { type Document, type IamRequest, isAllowed } from './policy.ts';
import type { Json, RoleVersion, Secret, ServiceFile, World } from './world.ts';

export type Tags = ReadonlyMap<string, string>;

/** What is passed when a role is assumed. */
export interface Passed {
  readonly tags: Tags;
  readonly externalId?: string;
  readonly transitive?: readonly string[];
}

/** Who assumes a role: an ARN, and what its own policies say; of a stranger they allow everything. */
export interface Caller {
  readonly name: string;
  readonly policies?: readonly Document[];
  readonly sessionPolicy?: Document;
  readonly context?: ReadonlyMap<string, string>;
}

/** A session of a role with its tags. */
export interface Session {
  readonly role: string;
  readonly tags: Tags;
}

/**
 * Whether something must hold in every way of deploying dist, or in one: who asks whether harm can be done takes `some`,
 * who asks whether everything works takes `every`.
 */
export type In = 'some' | 'every';

/** A role that pods begin with, and how they get it: by a file, by asking for it, or by something outside of dist. */
interface Start extends Pick<Grant, 'role' | 'subject' | 'sessionPolicy'> {
  readonly kind: Grant['kind'] | 'asked' | 'unsaid';
}

const none: Passed = { tags: new Map() };

/** Who can assume which role, and do what, with the roles of dist. */
export class Sessions {
  private readonly byArn = new Map<string, RoleVersion[]>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
    const seen = new Set<string>();
    for (const role of world.roles) {
      const content = JSON.stringify([role.arn, role.trust, role.policies]);
      if (seen.has(content)) continue;
      seen.add(content);
      this.byArn.set(role.arn, [...(this.byArn.get(role.arn) ?? []), role]);
    }
  }

  get arns(): string[] {
    return [...this.byArn.keys()];
  }

  versionsOf(arn: string): readonly RoleVersion[] {
    return this.byArn.get(arn) ?? [];
  }

  /** Whether the trust policy of a role, and the caller's own policies, let it be assumed. */
  mayAssume(caller: Caller, arn: string, passed: Passed, how: In): boolean {
    const actions = ['sts:AssumeRole', ...(passed.tags.size > 0 ? ['sts:TagSession'] : [])];
    const context = contextOfAssuming(caller, passed);
    return holds(how, this.versionsOf(arn), ({ trust }) =>
      actions.every((action) => {
        const request: IamRequest = { action, resource: arn, context, caller: caller.name };
        const own = [caller.policies, caller.sessionPolicy && [caller.sessionPolicy]];
        return (
          trust !== undefined &&
          isAllowed([trust], request) &&
          own.every((documents) => documents === undefined || isAllowed(documents, request))
        );
      }),
    );
  }

  /** The session that a store of a cluster gets; undefined when it gets none. */
  ofStore(cluster: string, store: Json, how: In): Session | undefined {
    const {
      role,
      additionalRoles = [],
      externalID,
      sessionTags = [],
      transitiveTagKeys = [],
      region,
    } = store.spec.provider.aws;
    const tags = new Map<string, string>(sessionTags.map(({ key, value }: Json) => [key, value]));
    const passed = {
      tags,
      transitive: transitiveTagKeys,
      ...(externalID !== undefined && { externalId: externalID }),
    };
    const hops = [...additionalRoles, role];
    const isOpenFrom = (start: Start): boolean =>
      this.begins(start, cluster, region, how) &&
      hops.every((next, index) => {
        const from = index === 0 ? start.role : hops[index - 1];
        return holds(how, this.versionsOf(from), ({ policies }) =>
          this.mayAssume(
            {
              name: from,
              policies,
              ...(index === 0 && start.sessionPolicy && { sessionPolicy: start.sessionPolicy }),
            },
            next,
            index === hops.length - 1 ? passed : none,
            how,
          ),
        );
      });
    const operators = this.world.operators.get(cluster) ?? [];
    const isOpen = holds(how, operators, (operator) =>
      holds(how, this.startsOf(cluster, operator), (starts) => starts.some(isOpenFrom)),
    );
    return isOpen ? { role, tags } : undefined;
  }

  /**
   * The roles that pods of an operator can begin with: for each thing that says so one list, which is empty where another
   * service account gets the role. Where nothing says so, whatever sees to it may give any.
   */
  private startsOf(cluster: string, { subject, role }: Operator): Start[][] {
    const given = this.world.grants.filter((grant) => grant.cluster === cluster);
    const said = [
      ...given.map((grant) => (grant.subject === subject ? [grant] : [])),
      ...(role === undefined ? [] : [[{ kind: 'asked' as const, role, subject }]]),
    ];
    if (said.length > 0) return said;
    return [this.arns.map((arn) => ({ kind: 'unsaid', role: arn, subject }))];
  }

  private begins({ kind, role, subject }: Start, cluster: string, region: string, how: In): boolean {
    // eksctl writes a trust policy for the service account, and has nothing to do with pods of EKS Pod Identity.
    const isOther = kind === 'eksctl' || kind === 'unsaid';
    const versions = this.versionsOf(role).filter(({ trust }) => trust !== undefined || isOther);
    return holds(kind === 'eksctl' ? 'some' : how, versions, ({ trust }) => {
      if (trust === undefined) return true;
      const [, partition, , , account = ''] = role.split(':');
      if (kind === 'pod') {
        const source = `arn:${partition}:eks:${region}:${account}:cluster/${cluster}`;
        const context = new Map([
          ['aws:sourcearn', source],
          ['aws:sourceaccount', account],
        ]);
        return isAllowed([trust], {
          action: 'sts:AssumeRole',
          resource: role,
          context,
          caller: 'service:pods.eks.amazonaws.com',
        });
      }
      return providersIn(trust).some((provider) => isAllowed([trust], webIdentity(provider, subject, role)));
    });
  }

  /** Whether a session may do something with a secret. Its key must let it be read, too. */
  mayRead(session: Session, secret: Secret, action: string, how: In): boolean {
    const { account, region, name, tags, kmsKey } = secret;
    const [, partition] = session.role.split(':');
    const arn = name.startsWith('arn:')
      ? name
      : `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
    const isOpen = this.may(session, action, arn, tags, region, how);
    if (!isOpen || kmsKey === undefined || !action.endsWith(':GetSecretValue')) return isOpen;
    const via = new Map([['kms:viaservice', `secretsmanager.${region}.${suffixOf(partition)}`]]);
    // Nobody knows the tags of a key: they are taken for those of the secret.
    return this.may(session, 'kms:Decrypt', kmsKey, tags, region, how, via);
  }

  /** Whether a session may do something with a resource that has tags. */
  may(
    { role, tags: own }: Session,
    action: string,
    resource: string,
    tags: Tags,
    region: string,
    how: In,
    more: ReadonlyMap<string, string> = new Map(),
  ): boolean {
    const [, , , , account = ''] = role.split(':');
    const context = new Map<string, string>([
      ['aws:principalarn', role],
      ['aws:principalaccount', account],
      ['aws:resourceaccount', resource.split(':')[4] ?? ''],
      ['aws:requestedregion', region],
      ['aws:securetransport', 'true'],
      ...[...own].map(([key, value]): [string, string] => [`aws:principaltag/${key.toLowerCase()}`, value]),
      ...[...tags].flatMap(([key, value]): [string, string][] => [
        [`aws:resourcetag/${key.toLowerCase()}`, value],
        [`secretsmanager:resourcetag/${key.toLowerCase()}`, value],
      ]),
      ...more,
    ]);
    return holds(how, this.versionsOf(role), ({ policies }) =>
      isAllowed(policies, { action, resource, context }),
    );
  }
}

/** The request by which a pod with a service account gets its role. */
export function webIdentity(
  provider: string,
  subject: string,
  arn: string,
  audience = 'sts.amazonaws.com',
): IamRequest {
  const issuer = provider.replace(/^.*?:oidc-provider\//, '').toLowerCase();
  const context = new Map([
    [`${issuer}:aud`, audience],
    [`${issuer}:sub`, subject],
  ]);
  return {
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: arn,
    context,
    caller: `federated:${provider}`,
  };
}

/** Every identity provider that a trust policy speaks of. */
export function providersIn(trust: Document): string[] {
  return [...JSON.stringify(trust).matchAll(/"(arn:[^"]*:oidc-provider\/[^"]*)"/g)].map(
    ([, arn = '']) => arn,
  );
}

/** The objects of a kind in a file of a service. */
export function objectsOf({ objects }: ServiceFile, kind: string): Json[] {
  return objects.filter((object) => object.kind === kind);
}

function holds<Item>(how: In, items: readonly Item[], test: (item: Item) => boolean): boolean {
  return how === 'some' ? items.some(test) : items.length > 0 && items.every(test);
}

function contextOfAssuming({ name, context = new Map() }: Caller, { tags, externalId, transitive }: Passed) {
  const [, , , , account = ''] = name.split(':');
  const keys = [...tags.keys()];
  return new Map<string, string | readonly string[]>([
    ['aws:principalarn', name],
    ['aws:principalaccount', account],
    ['aws:securetransport', 'true'],
    ['sts:rolesessionname', 'session'],
    ...(keys.length > 0 ? [['aws:tagkeys', keys] as const] : []),
    ...[...tags].map(([key, value]) => [`aws:requesttag/${key.toLowerCase()}`, value] as const),
    ...(transitive && transitive.length > 0 ? [['sts:transitivetagkeys', transitive] as const] : []),
    ...(externalId !== undefined ? [['sts:externalid', externalId] as const] : []),
    ...context,
  ]);
}

function suffixOf(partition: string | undefined): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
