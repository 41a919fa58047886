import type { Cluster, Operator, Tag } from '../fleet/model.ts';
import { grouped } from '../grouped.ts';
import { arnParts } from './arn.ts';
import {
  type Conditions,
  forEachKey,
  oneOrMany,
  type PolicyDocument,
  policyDocument,
  type Statement,
} from './document.ts';

/** A role that may assume the access role, and the tags that its sessions cannot choose. */
export interface Caller {
  readonly arn: string;
  readonly pinnedTags: readonly Tag[];
}

/**
 * Who may assume the access role, and with which session tags: the named callers only, with all of our tags, no other
 * tag, and those that belong to the caller's cluster with that cluster's value.
 *
 * The principal is the account, narrowed by aws:PrincipalArn: IAM turns a role named as principal into an id that is
 * lost when the role is made anew, and refuses one that does not exist yet.
 */
export function accessTrust(
  callers: readonly Caller[],
  tagKeys: readonly string[],
  externalId: string | undefined,
): PolicyDocument {
  const groups = grouped(callers, ({ pinnedTags }) => JSON.stringify(pinnedTags));
  const allows = [...groups.values()].map((group, index) =>
    assumeWithTags(group, tagKeys, groups.size === 1 ? '' : String(index + 1)),
  );
  return policyDocument([
    ...allows,
    ...(externalId === undefined ? [] : [withoutExternalId(callers, externalId)]),
  ]);
}

function assumeWithTags(callers: readonly Caller[], tagKeys: readonly string[], suffix: string): Statement {
  const pinned = callers[0]?.pinnedTags ?? [];
  const free = tagKeys.filter((key) => !pinned.some((tag) => tag.key === key));
  const arns = callers.map(({ arn }) => arn);
  return {
    Sid: `AssumeWithTags${suffix}`,
    Effect: 'Allow',
    Principal: accountsOf(arns),
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': oneOrMany(arns) },
      StringLike: forEachKey(free, (key) => [`aws:RequestTag/${key}`, '?*']),
      ...(pinned.length > 0 && {
        StringEquals: Object.fromEntries(pinned.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
      }),
      // True of no tags at all, hence the Null below it.
      'ForAllValues:StringEquals': { 'aws:TagKeys': oneOrMany(tagKeys) },
      Null: { 'aws:TagKeys': 'false' },
    },
  };
}

/**
 * The external id is asked for in a statement of its own: sts:ExternalId is a key of AssumeRole and not of TagSession
 * (Service Authorization Reference, "AWS Security Token Service"), so a condition on both would allow neither.
 */
function withoutExternalId(callers: readonly Caller[], externalId: string): Statement {
  return {
    Sid: 'DenyWithoutExternalId',
    Effect: 'Deny',
    Principal: accountsOf(callers.map(({ arn }) => arn)),
    Action: ['sts:AssumeRole'],
    Condition: { StringNotEquals: { 'sts:ExternalId': externalId } },
  };
}

/** The trust of a role on the way to the access role: those before it, and no session tags. */
export function chainTrust(callers: readonly string[]): PolicyDocument {
  return policyDocument([
    {
      Sid: 'AssumeFromRoleBefore',
      Effect: 'Allow',
      Principal: accountsOf(callers),
      Action: ['sts:AssumeRole'],
      Condition: { ArnEquals: { 'aws:PrincipalArn': oneOrMany(callers) } },
    },
  ]);
}

/** The accounts of roles, as principals. */
function accountsOf(arns: readonly string[]): { AWS: string[] } {
  const roots = arns.map((arn) => {
    const { partition, account } = arnParts(arn);
    return `arn:${partition}:iam::${account}:root`;
  });
  return { AWS: [...new Set(roots)].sort() };
}

/**
 * The trust of a controller role: the operator's service account in each of the clusters that share the role.
 *
 * @returns undefined when the input does not say of any cluster how its pods get the role
 */
export function controllerTrust(
  role: { readonly account: string },
  clusters: readonly Cluster[],
  operator: Operator,
): PolicyDocument | undefined {
  const providers = clusters.flatMap(({ partition, identity }) =>
    identity?.kind === 'irsa' ? [{ partition, oidcProvider: identity.oidcProvider }] : [],
  );
  const irsa = providers.map(({ partition, oidcProvider }, index) =>
    webIdentity(
      `arn:${partition}:iam::${role.account}:oidc-provider/${oidcProvider}`,
      oidcProvider,
      operator,
      providers.length === 1 ? '' : String(index + 1),
    ),
  );
  const pods = clusters.filter(({ identity }) => identity?.kind === 'podIdentity');
  const statements = [...irsa, ...(pods.length === 0 ? [] : [podIdentity(role.account, pods)])];
  return statements.length === 0 ? undefined : policyDocument(statements);
}

/** IAM roles for service accounts. Source: EKS User Guide, "Assign IAM roles to Kubernetes service accounts". */
function webIdentity(provider: string, issuer: string, operator: Operator, suffix: string): Statement {
  const { namespace, serviceAccount } = operator;
  return {
    Sid: `AssumeAsServiceAccount${suffix}`,
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: ['sts:AssumeRoleWithWebIdentity'],
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: 'sts.amazonaws.com',
        [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
      },
    },
  };
}

/**
 * EKS Pod Identity. The service principal names no cluster, so the condition does. Source: EKS User Guide, "Create IAM
 * role with trust policy required by EKS Pod Identity", and EKS Best Practices Guide, "Identity and access management".
 */
function podIdentity(account: string, clusters: readonly Cluster[]): Statement {
  const condition: Conditions = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnEquals: {
      'aws:SourceArn': oneOrMany(
        clusters.map(
          ({ partition, region, name }) => `arn:${partition}:eks:${region}:${account}:cluster/${name}`,
        ),
      ),
    },
  };
  return {
    Sid: 'AssumeByPodIdentity',
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: condition,
  };
}
