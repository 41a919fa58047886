import type { Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import type { ExternalSecretPlan } from './model.ts';
import type { Reporter } from './reporter.ts';

/** Keys that the API server demands in a Secret of a type: each list needs at least one of its keys. */
const requiredKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
};

/** Types that give rights in the cluster; the operator's own webhook refuses them too. */
const refusedTypes: readonly string[] = [
  'kubernetes.io/service-account-token',
  'bootstrap.kubernetes.io/token',
];

/**
 * Kubernetes takes any text for a type and checks nothing of those that it does not know: a misspelled one of its own
 * is found by nobody. So a type is one of its own or has a domain in front, as Kubernetes asks of everybody else.
 */
function isKnownOrOwn(type: string): boolean {
  return (
    type === 'Opaque' ||
    Object.hasOwn(requiredKeys, type) ||
    (type.includes('/') && !/^(?:[^/]+\.)?kubernetes\.io\//.test(type))
  );
}

/** Reports a Secret that the API server would refuse for its type, or that would give rights in the cluster. */
export function checkSecretType(plan: ExternalSecretPlan, path: Path, reporter: Reporter): void {
  const { type } = plan;
  if (type === undefined) return;
  if (refusedTypes.includes(type)) {
    const message = `a Secret of type "${type}" would give rights in the cluster`;
    reporter.report('secret-type', path, message, { allowed: 'types that hold data only' });
    return;
  }
  if (!isKnownOrOwn(type)) {
    const known = ['Opaque', ...Object.keys(requiredKeys)];
    reporter.report('secret-type', path, `"${type}" is not a type of Secret`, {
      allowed: `${known.join(', ')}, or one of your own with a domain in front`,
      nearest: nearest(type, known) ?? known.find((name) => name.endsWith(`/${type}`)),
    });
    return;
  }
  const templated = Object.keys(plan.templates);
  const fetched = plan.data.map((key) => key.secretKey);
  const keys = templated.length > 0 ? templated : fetched;
  const isOpen = plan.extracts.length > 0 && templated.length === 0;
  if (isOpen) return;
  const missing = (requiredKeys[type] ?? []).filter((oneOf) => !oneOf.some((key) => keys.includes(key)));
  if (missing.length === 0) return;
  const wanted = missing.map((oneOf) => oneOf.map((key) => `"${key}"`).join(' or ')).join(' and ');
  const message = `Secret "${plan.target}" of type "${type}" has no key ${wanted}`;
  reporter.report('secret-type', path, message, { allowed: `${wanted} under "keys" or "template"` });
}
