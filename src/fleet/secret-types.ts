import type { Path } from '../findings/finding.ts';
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

/** Reports a Secret that the API server would refuse for its type, or that would give rights in the cluster. */
export function checkSecretType(plan: ExternalSecretPlan, path: Path, reporter: Reporter): void {
  const { type } = plan;
  if (type === undefined) return;
  if (refusedTypes.includes(type)) {
    const message = `a Secret of type "${type}" would give rights in the cluster`;
    reporter.report('secret-type', path, message, { allowed: 'types that hold data only' });
    return;
  }
  const templated = Object.keys(plan.templates);
  const fetched = plan.data.map((key) => key.secretKey);
  const keys = templated.length > 0 ? templated : fetched;
  const isOpen = plan.extracts.length > 0 && templated.length === 0;
  if (isOpen) return;
  for (const oneOf of requiredKeys[type] ?? []) {
    if (oneOf.some((key) => keys.includes(key))) continue;
    const wanted = oneOf.map((key) => `"${key}"`).join(' or ');
    const message = `Secret "${plan.target}" of type "${type}" has no key ${wanted}`;
    reporter.report('secret-type', path, message, { allowed: `${wanted} under "keys" or "template"` });
  }
}
