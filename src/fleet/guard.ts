import type { Path } from '../findings/finding.ts';
import { generatorKinds } from '../findings/generators.ts';
import { otherProviders } from '../input/guard-names.ts';
import type { ClusterSpec, Spec } from '../input/schema.ts';
import { eachOnce } from './clusters.ts';
import type { Deployer, Guard, Tenant } from './model.ts';
import type { Reporter } from './reporter.ts';

/** The minor version of Kubernetes 1 where the input gives none. */
const defaultMinor = 34;

/** The first minor version in which ValidatingAdmissionPolicy is served as v1. */
const firstGuardedMinor = 30;

/** Whether a cluster gets admission policies. What keeps it from having them is reported. */
export function isGuarded(name: string, cluster: ClusterSpec, reporter: Reporter): boolean {
  const minor = cluster.kubernetes === undefined ? defaultMinor : Number(cluster.kubernetes.split('.')[1]);
  if (cluster.guard === false) {
    const message = `cluster "${name}" has no guard: whoever may write a SecretStore there may claim any session tag`;
    reporter.report('guard-off', ['clusters', name, 'guard'], message, {
      severity: 'warning',
      allowed: `no "guard: false", with Kubernetes 1.${firstGuardedMinor} or newer`,
      target: 'key',
    });
    return false;
  }
  if (minor < firstGuardedMinor) {
    const message = `Kubernetes ${cluster.kubernetes} has no ValidatingAdmissionPolicy, which keeps tenants from claiming each other's tags`;
    reporter.report('kubernetes-version', ['clusters', name, 'kubernetes'], message, {
      allowed: `"1.${firstGuardedMinor}" or newer; or "guard: false" on the cluster, which leaves that open`,
    });
  }
  return true;
}

/** What `guard:` of the input says. Deployers that tenants could act as are reported. */
export function resolveGuard(spec: Spec, tenants: readonly Tenant[], reporter: Reporter): Guard {
  const namespaces = new Set(tenants.map(({ namespace }) => namespace));
  const deployers = (spec.guard?.deployers ?? []).flatMap((entry, index) => {
    const path = ['guard', 'deployers', index];
    const deployer = deployerOf(entry, path, reporter);
    if (deployer !== undefined) checkDeployer(deployer, path, namespaces, reporter);
    return deployer ?? [];
  });
  checkNamedOnce(deployers, reporter);
  const allowed = eachOnce(spec.guard?.allow ?? [], ['guard', 'allow'], reporter).map(([name]) => name);
  const among = (names: readonly string[]) => names.filter((name) => allowed.includes(name));
  return { deployers, allow: { providers: among(otherProviders), generators: among(generatorKinds) } };
}

type DeployerSpec = NonNullable<NonNullable<Spec['guard']>['deployers']>[number];

function deployerOf(entry: DeployerSpec, path: Path, reporter: Reporter): Deployer | undefined {
  if (typeof entry === 'string') {
    const [namespace = '', name = ''] = entry.split('/');
    return { kind: 'ServiceAccount', namespace, name };
  }
  const { user, group } = entry;
  if (user !== undefined && group === undefined) return { kind: 'User', name: user };
  if (group !== undefined && user === undefined) return { kind: 'Group', name: group };
  const message =
    user === undefined ? 'a deployer without a name' : 'a deployer that is both a user and a group';
  reporter.report('invalid-value', path, message, { allowed: '{ user: <name> } or { group: <name> }' });
  return undefined;
}

/** Users and groups that everybody is or belongs to. Source: Kubernetes, "Authenticating". */
const everybody = /^system:(?:anonymous|unauthenticated|authenticated|serviceaccounts(?::.*)?)$/;

function checkDeployer(
  deployer: Deployer,
  path: Path,
  namespaces: ReadonlySet<string>,
  reporter: Reporter,
): void {
  const { kind, name } = deployer;
  if (kind === 'ServiceAccount') {
    if (!namespaces.has(deployer.namespace)) return;
    const message = `"${deployer.namespace}/${name}" is in the namespace of a service: whoever may start a pod there can act as it`;
    reporter.report('guard-deployer', path, message, {
      allowed: "a service account outside of the services' namespaces",
    });
    return;
  }
  const key = kind === 'User' ? 'user' : 'group';
  if (kind === 'User' && name.startsWith('system:serviceaccount:')) {
    const [, , namespace, account] = name.split(':');
    reporter.report('guard-deployer', [...path, key], `"${name}" is a service account`, {
      allowed: `"${namespace}/${account}"`,
    });
  } else if (everybody.test(name)) {
    const message = `"${name}" is what tenants are too: everybody could claim any tag`;
    reporter.report('guard-deployer', [...path, key], message, { allowed: `a ${key} of the platform alone` });
  }
}

function checkNamedOnce(deployers: readonly Deployer[], reporter: Reporter): void {
  const texts = deployers.map((deployer) => JSON.stringify(deployer));
  for (const [index, text] of texts.entries()) {
    if (texts.indexOf(text) === index) continue;
    const message = `"${deployers[index]?.name}" stands in the list twice`;
    reporter.report('invalid-value', ['guard', 'deployers', index], message, { allowed: 'each once' });
  }
}
