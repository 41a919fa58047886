import type { Path } from '../findings/finding.ts';
import type { Spec } from '../input/schema.ts';
import type { Cluster, Tag } from './model.ts';
import { compare } from './order.ts';
import type { Reporter } from './reporter.ts';

/** The tag key where the input gives none. */
const defaultTagKey = 'ekssecret';

/** The tag key that holds the identity. */
export function tagKeyOf(spec: Spec): string {
  return spec.abac?.tagKey ?? defaultTagKey;
}

/** All tag keys that must match: that of the identity first, then the further ones, sorted. */
export function tagKeysOf(spec: Spec): [string, ...string[]] {
  return [tagKeyOf(spec), ...Object.keys(spec.abac?.tags ?? {}).sort(compare)];
}

/**
 * Session tags that EKS Pod Identity sets itself. Source: Amazon EKS User Guide, "Grant Pods access to AWS resources
 * based on tags".
 */
const podIdentityTags: readonly string[] = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
];

/** Reports what AWS refuses of tag keys: more than 50 tags in a session, and two keys that differ in case only. */
export function checkTagKeys(spec: Spec, reporter: Reporter): void {
  const keys = [tagKeyOf(spec), ...Object.keys(spec.abac?.tags ?? {})];
  const seen = new Map<string, string>();
  const usesPodIdentity = Object.values(spec.clusters ?? {}).some(({ podIdentity }) => podIdentity);
  for (const [index, key] of keys.entries()) {
    const first = seen.get(key.toLowerCase());
    seen.set(key.toLowerCase(), first ?? key);
    const path: Path = index === 0 ? ['abac', 'tagKey'] : ['abac', 'tags', key];
    if (first !== undefined) {
      const message = `tag keys "${first}" and "${key}" are the same to AWS, which ignores their case`;
      reporter.report('session-tag', path, message, { allowed: 'each key once', target: 'key' });
    }
    if (usesPodIdentity && podIdentityTags.includes(key.toLowerCase())) {
      const message = `"${key}" is a session tag that EKS Pod Identity sets itself`;
      reporter.report('session-tag', path, message, { allowed: 'another key', target: 'key' });
    }
  }
  if (keys.length > maxSessionTags) {
    const message = `a session would carry ${keys.length} tags`;
    reporter.report('session-tag', ['abac', 'tags'], message, {
      allowed: `at most ${maxSessionTags}`,
      target: 'key',
    });
  }
}

/** AWS STS: a session carries at most 50 tags. */
const maxSessionTags = 50;

/** The further session tags of a service's sessions in one cluster, by key. A value that AWS would refuse is reported. */
export function furtherTags(
  { name, tagTemplates }: Cluster,
  service: string,
  reporter: Reporter,
): readonly Tag[] {
  return tagTemplates.map(({ key, value: template }) => {
    const value = template.replaceAll('{service}', service);
    if (value.length > 256) {
      const message = `tag "${key}" would have a value of ${value.length} characters in cluster "${name}"`;
      reporter.report('session-tag', ['abac', 'tags', key], message, { allowed: 'at most 256 characters' });
    }
    return { key, value };
  });
}
