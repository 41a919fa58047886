import type { Finding } from '../../findings/finding.ts';
import type { Counterexample, Way } from '../counterexample.ts';
import type { Dist, DistSecret, Source, Store, Tenant, YamlPlace } from '../files/model.ts';
import { locate } from '../files/tenants.ts';
import { placeOf, tagWords } from '../findings.ts';
import { arnOf, partitionOf, usualContext } from '../matrix/decisions.ts';
import type { Claim, Matrix, SessionClass, Wrong } from '../matrix/matrix.ts';
import type { SecretIndex } from '../matrix/secret-index.ts';
import { readCase } from '../questions/requests.ts';
import { tagValue } from '../questions/sessions.ts';
import { type AbacTags, identityOf } from '../tag-keys.ts';

/** Where a file of a service says what its namespace may claim. */
const labels = { document: 0, path: ['metadata', 'labels'] };

/** What is wrong with the tenants: what they may claim, and what they get. */
export class TenantFindings {
  private readonly sources: ReadonlyMap<string, Source>;
  private readonly dist: Dist;
  private readonly tags: AbacTags;
  private services: ReadonlySet<string> | undefined;
  private readonly found: Finding[] = [];
  /** How many tenants have a problem that is told of the first of them. */
  private readonly first = new Map<string, number>();
  private readonly moreAt = new Map<number, number>();

  constructor(sources: ReadonlyMap<string, Source>, dist: Dist, tags: AbacTags) {
    this.sources = sources;
    this.dist = dist;
    this.tags = tags;
  }

  /** Looks at all of them, and at the matrix. */
  all(matrix: Matrix, index: SecretIndex): Finding[] {
    this.checkNamespaces();
    const classOf = new Map<Store, SessionClass>();
    for (const one of matrix.classes) for (const { store } of one.claims) classOf.set(store, one);
    for (const { tenants } of this.dist.clusters) {
      for (const tenant of tenants) {
        this.checkIdentities(tenant);
        for (const store of tenant.stores) this.checkStore(tenant, store, classOf.get(store));
        this.checkReads(tenant, classOf, index, matrix);
      }
    }
    for (const one of matrix.wrong) this.found.push(wrongFinding(one));
    return this.found.map((finding, index) => this.withMore(finding, index));
  }

  private checkNamespaces(): void {
    for (const { name, tenants } of this.dist.clusters) {
      const owners = new Map<string, Tenant>();
      for (const tenant of tenants) {
        if (tenant.namespace.startsWith('kube-')) this.kubernetesOwn(tenant);
        const first = owners.get(tenant.namespace);
        owners.set(tenant.namespace, first ?? tenant);
        if (first === undefined) continue;
        const message = `namespace "${tenant.namespace}" of cluster "${name}" is that of ${first.service} too`;
        this.report(
          'proof-access',
          tenant,
          { document: 0, path: ['metadata', 'name'] },
          message,
          'a namespace of its own for each service',
        );
      }
    }
  }

  /** There run the controllers that admission policies have to let through. */
  private kubernetesOwn(tenant: Tenant): void {
    const message = `namespace "${tenant.namespace}" of ${tenant.service} is Kubernetes' own`;
    const place = { document: 0, path: ['metadata', 'name'] };
    this.report('proof-document', tenant, place, message, 'a namespace of its own for each service');
  }

  private checkIdentities(tenant: Tenant): void {
    for (const identity of tenant.identities) {
      if (identity !== tenant.service && this.isService(identity)) {
        const message = `the namespace of ${tenant.service} may claim "${identity}", which is another service`;
        this.report('proof-access', tenant, labels, message, 'its own service, and shared identities');
      }
      if (!tenant.stores.some((store) => identityOf(store, this.tags) === identity)) {
        const message = `the namespace may claim "${identity}", but no store in it does`;
        this.report(
          'proof-document',
          tenant,
          labels,
          message,
          'a SecretStore for each identity that the labels name',
        );
      }
    }
  }

  private isService(identity: string): boolean {
    this.services ??= new Set(
      this.dist.clusters.flatMap(({ tenants }) => tenants.map(({ service }) => service)),
    );
    return this.services.has(identity);
  }

  private checkStore(tenant: Tenant, store: Store, own: SessionClass | undefined): void {
    const identity = identityOf(store, this.tags);
    const { keys } = this.tags;
    const found = store.sessionTags.map(({ key }) => key);
    if (found.length !== keys.length || !keys.every((key) => found.includes(key))) {
      const message = `store "${store.name}" has the session tags ${found.sort().join() || 'none'}`;
      this.report('proof-document', tenant, store.place, message, `each of ${keys.join(', ')} once`);
    }
    if (identity !== undefined && !tenant.identities.includes(identity))
      this.foreignStore(tenant, store, identity, own);
    if (own !== undefined && own.result.session === undefined) {
      const { why, decision } = own.result;
      const message = `${tenant.service} in cluster "${tenant.cluster}" gets no session: ${why}`;
      const location = placeOf(decision, this.locate(tenant, store.place));
      this.add(`${tenant.cluster}: ${why}`, {
        rule: 'proof-denied',
        severity: 'error',
        message,
        allowed: 'a way from the operator to the access role with the tags of the store',
        location,
      });
    }
  }

  private foreignStore(tenant: Tenant, store: Store, identity: string, own: SessionClass | undefined): void {
    const secret = this.dist.secrets.find((one) => one.identity === identity);
    const example = own?.result.session && secret && this.readOf(own, tenant, store, secret);
    const what = secret === undefined ? 'its secrets' : `its secret ${secret.name}`;
    const message = `store "${store.name}" of ${tenant.service} claims ${this.tags.identityKey}=${identity}, which no label of its namespace allows: ${tenant.service} can read ${what}`;
    this.report('proof-access', tenant, store.place, message, tenant.identities.join(', '), example);
  }

  private checkReads(
    tenant: Tenant,
    classOf: ReadonlyMap<Store, SessionClass>,
    index: SecretIndex,
    matrix: Matrix,
  ): void {
    for (const { externalSecret, store: name, key, place } of tenant.reads) {
      const store = tenant.stores.findLast((one) => one.name === name);
      if (store === undefined) {
        this.report(
          'proof-document',
          tenant,
          place,
          `ExternalSecret "${externalSecret}" names store "${name}", which is not in the namespace`,
          [...new Set(tenant.stores.map((one) => one.name))].join(', '),
        );
        continue;
      }
      const secret = index.find(store, key);
      const own = classOf.get(store);
      if (secret === undefined) {
        const message = `${tenant.service} asks for "${key}", which is not among the secrets of ${store.region} in the account of ${store.role}`;
        this.report('proof-denied', tenant, place, message, 'a secret in aws/<account>/secrets/<region>/');
      } else if (own?.result.session !== undefined) {
        const { session } = own.result;
        const { lack } = matrix.reads(session, secret);
        if (lack === undefined) continue;
        const differing = this.tags.keys.filter(
          (one) => tagValue(session.tags, one) !== tagValue(secret.tags, one),
        );
        const why =
          differing.length === 0
            ? ''
            : `: it has ${tagWords(secret.tags)}, the session ${tagWords(session.tags)}`;
        const counterexample = this.readOf(own, tenant, store, secret, 'allowed', lack.action);
        // What denies every owner its secrets is told once.
        const cause = differing.length === 0 ? `${store.role} ${lack.action}` : `${tenant.file} ${key}`;
        this.add(cause, {
          rule: 'proof-denied',
          severity: 'error',
          message: `${tenant.service} in cluster "${tenant.cluster}" cannot read "${key}"${why}`,
          allowed: 'a secret with all tags of the store, and a policy that allows it',
          location: this.locate(tenant, place),
          ...(counterexample && { counterexample }),
        });
      }
    }
  }

  private readOf(
    { result }: SessionClass,
    { cluster }: Tenant,
    store: Store,
    secret: DistSecret,
    expected: Counterexample['expected'] = 'denied',
    action = 'secretsmanager:GetSecretValue',
  ): Counterexample | undefined {
    if (result.session === undefined) return undefined;
    const arn = arnOf(secret, partitionOf(store.role));
    const way = wayOf(cluster, store, result.controllerRole);
    return pairCase(expected, result.session, action, secret, arn, way);
  }

  private locate(tenant: Tenant, { document, path }: Pick<YamlPlace, 'document' | 'path'>) {
    return locate(this.sources.get(tenant.file) ?? { path: tenant.file, text: '' }, { document, path });
  }

  private report(
    rule: Finding['rule'],
    tenant: Tenant,
    place: Pick<YamlPlace, 'document' | 'path'>,
    message: string,
    allowed: string,
    counterexample?: Counterexample,
  ): void {
    const location = this.locate(tenant, place);
    this.found.push({
      rule,
      severity: 'error',
      message,
      allowed,
      location,
      ...(counterexample && { counterexample }),
    });
  }

  private add(key: string, finding: Finding): void {
    const first = this.first.get(key);
    if (first !== undefined) this.moreAt.set(first, (this.moreAt.get(first) ?? 0) + 1);
    else {
      this.first.set(key, this.found.length);
      this.found.push(finding);
    }
  }

  private withMore(finding: Finding, index: number): Finding {
    const more = this.moreAt.get(index) ?? 0;
    return more === 0 ? finding : { ...finding, message: `${finding.message} (and ${more} more)` };
  }
}

/** How a store's session came about. */
function wayOf(cluster: string, store: Store, controllerRole: string): Way {
  const { additionalRoles: roleChain, externalId, transitiveTagKeys } = store;
  return {
    cluster,
    controllerRole,
    roleChain,
    ...(externalId !== undefined && { externalId }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
  };
}

function pairCase(
  expected: Counterexample['expected'],
  session: Wrong['session'],
  action: string,
  secret: DistSecret,
  arn: string,
  way: Way,
): Counterexample {
  const isKey = action.startsWith('kms:');
  const resource = isKey ? { arn: secret.kmsKey ?? '', tags: [] } : { arn, tags: secret.tags };
  return readCase(expected, session, action, resource, {
    context: usualContext,
    way,
    ...(isKey && { secret: arn }),
  });
}

function wrongFinding({ kind, session, controllerRole, claims, secret, arn, shown }: Wrong): Finding {
  const [{ tenant, store }] = claims as [Claim, ...Claim[]];
  const way = wayOf(tenant.cluster, store, controllerRole);
  const who = `${tenant.service} in cluster "${tenant.cluster}"`;
  const isForeign = kind === 'foreign';
  const counterexample = pairCase(isForeign ? 'denied' : 'allowed', session, shown.action, secret, arn, way);
  const doubt = shown.decision.reason === 'unknown' ? ', or AWS does not document that it cannot' : '';
  return {
    rule: isForeign ? 'proof-access' : 'proof-denied',
    severity: 'error',
    message: isForeign
      ? `${who} can read "${secret.name}" of ${secret.identity}: ${shown.action} with ${tagWords(session.tags)} on a secret with ${tagWords(secret.tags)}${doubt}`
      : `${who} cannot read its own "${secret.name}": ${shown.action} is not allowed`,
    allowed: isForeign
      ? 'secrets with all tags of the session, and no others'
      : 'all that the owner needs, and no Deny that applies to it',
    location: placeOf(
      shown.decision,
      isForeign ? secret.location : (session.role.identity[0]?.location ?? secret.location),
    ),
    counterexample,
  };
}
