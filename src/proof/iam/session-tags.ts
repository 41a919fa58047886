import type { Assumption, Tag } from './model.ts';

/** How many session tags a session can have, and tags a secret. */
export const maxSessionTags = 50;

/**
 * What STS finds wrong with the tags of a request, in words, or undefined. It does so before any policy is asked.
 *
 * Source: IAM User Guide, "Pass session tags in AWS STS" and "Rules for tagging in IAM and AWS STS". The size limit on
 * tags and session policies together, which AWS reports as a percentage, cannot be computed and is not checked.
 *
 * @param inherited tags that follow from the session before
 */
export function sessionTagProblem(assumption: Assumption, inherited: readonly Tag[]): string | undefined {
  const { tags, transitiveTagKeys } = assumption;
  if (tags.length + inherited.length > maxSessionTags) return `more than ${maxSessionTags} session tags`;
  const keys = new Set<string>();
  for (const tag of tags) {
    const problem = tagProblem(tag);
    if (problem !== undefined) return problem;
    if (keys.has(tag.key.toLowerCase())) return `the session tag "${tag.key}" twice; case does not count`;
    keys.add(tag.key.toLowerCase());
  }
  const clash = inherited.find(({ key }) => keys.has(key.toLowerCase()));
  if (clash !== undefined) return `the session tag "${clash.key}", which is inherited as a transitive tag`;
  const unset = transitiveTagKeys.find((key) => !keys.has(key.toLowerCase()));
  if (unset !== undefined) return `the transitive tag key "${unset}" without a session tag of that key`;
  return undefined;
}

const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * What AWS finds wrong with a tag, in words.
 *
 * @param what a session tag, or a tag of something
 */
export function tagProblem({ key, value }: Tag, what = 'session tag'): string | undefined {
  if (key === '' || key.length > 128) return `a ${what} key of ${key.length} characters, of 1 to 128`;
  if (value.length > 256) return `a value of the ${what} "${key}" of more than 256 characters`;
  if (/^aws:/i.test(key)) return `the ${what} key "${key}", which begins with the reserved "aws:"`;
  if (!tagCharacters.test(key)) return `the ${what} key "${key}" with characters that tags cannot have`;
  if (!tagCharacters.test(value)) return `the ${what} "${key}" with characters that tags cannot have`;
  return undefined;
}

/**
 * The tags of a session: those that were passed, those inherited, and the role's own whose keys are neither, whatever
 * their case.
 */
export function sessionTags(
  assumption: Assumption,
  inherited: readonly Tag[],
  roleTags: readonly Tag[],
): { readonly tags: readonly Tag[]; readonly transitive: readonly Tag[] } {
  const { tags, transitiveTagKeys } = assumption;
  if (inherited.length + roleTags.length + transitiveTagKeys.length === 0) return { tags, transitive: [] };
  const own = [...tags, ...inherited];
  const keys = new Set(own.map(({ key }) => key.toLowerCase()));
  const passedOn = new Set(transitiveTagKeys.map((key) => key.toLowerCase()));
  return {
    tags: [...own, ...roleTags.filter(({ key }) => !keys.has(key.toLowerCase()))],
    transitive: [...tags.filter(({ key }) => passedOn.has(key.toLowerCase())), ...inherited],
  };
}

/** A pod of an EKS cluster. */
export interface Pod {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * The session tags that EKS Pod Identity passes for a pod, unless the association says `disableSessionTags`. All of them
 * are transitive.
 *
 * Source: Amazon EKS User Guide, "Grant Pods access to AWS resources based on tags".
 */
export function podIdentityTags(pod: Pod): Pick<Assumption, 'tags' | 'transitiveTagKeys'> {
  const tags: Tag[] = [
    { key: 'eks-cluster-arn', value: pod.clusterArn },
    { key: 'eks-cluster-name', value: pod.clusterName },
    { key: 'kubernetes-namespace', value: pod.namespace },
    { key: 'kubernetes-service-account', value: pod.serviceAccount },
    { key: 'kubernetes-pod-name', value: pod.name },
    { key: 'kubernetes-pod-uid', value: pod.uid },
  ];
  return { tags, transitiveTagKeys: tags.map(({ key }) => key) };
}
