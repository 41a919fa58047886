import type { DistSecret, Store, Tenant } from '../proof/files/model.ts';
import { locate, serviceLabel, sharedLabel } from '../proof/files/tenants.ts';
import type { Decision, Session } from '../proof/iam/model.ts';
import { policiesOf, type Resource } from '../proof/iam/requests.ts';
import {
  type Access,
  arnOf,
  decrypts,
  partitionOf,
  usualContext,
  usualDecryptRequest,
} from '../proof/matrix/decisions.ts';
import { SecretIndex } from '../proof/matrix/secret-index.ts';
import { decide, decryptAction, readActions, resourceRequest } from '../proof/questions/requests.ts';
import { tagValue } from '../proof/questions/sessions.ts';
import type { DistAccess, SourceMap } from './dist-access.ts';
import { roleSteps } from './hops.ts';
import type { Explanation, Step } from './model.ts';
import { decidingStatements } from './statements.ts';

/**
 * Why a service may or may not read a secret: over the store that lets it, if there is one, else over the store by which
 * it asks for the secret, else over its own.
 */
export function explainPair(access: DistAccess, tenant: Tenant, secret: DistSecret): Explanation | undefined {
  const store = storeFor(access, tenant, secret);
  if (store === undefined) return undefined;
  const way = access.wayOf(store);
  const read = way.session && access.matrix.reads(way.session, secret);
  const roles = roleSteps(way, store.role, access.sources);
  return {
    service: tenant.service,
    cluster: tenant.cluster,
    namespace: tenant.namespace,
    store: store.name,
    secret: { name: secret.name, account: secret.account, region: secret.region },
    allowed: read?.allowed ?? false,
    meant: tenant.identities.includes(secret.identity),
    asked: askingStore(tenant, secret) !== undefined,
    steps: [
      namespaceStep(access, tenant, store),
      storeStep(access, store),
      ...roles,
      ...(way.session && read ? readSteps(access, way.session, secret, read) : unasked(secret)),
    ],
    input: [],
  };
}

function storeFor({ wayOf, matrix }: DistAccess, tenant: Tenant, secret: DistSecret): Store | undefined {
  const reading = tenant.stores.find((store) => {
    const { session } = wayOf(store);
    return session !== undefined && matrix.reads(session, secret).allowed;
  });
  return reading ?? askingStore(tenant, secret) ?? tenant.stores[0];
}

/** The store through which an ExternalSecret asks for a secret. */
function askingStore({ stores, reads }: Tenant, secret: DistSecret): Store | undefined {
  const index = new SecretIndex([secret]);
  return stores.find((store) =>
    reads.some((read) => read.store === store.name && index.find(store, read.key) === secret),
  );
}

function namespaceStep({ tagKeys, sources }: DistAccess, tenant: Tenant, store: Store): Step {
  const identity = tagValue(store.sessionTags, tagKeys[0] ?? '') ?? '';
  const label = identity === tenant.service ? serviceLabel : `${sharedLabel}${identity}`;
  const isEntitled = tenant.identities.includes(identity);
  const source = sources.get(tenant.file);
  const path = ['metadata', 'labels', ...(isEntitled ? [label] : [])];
  const value = identity === tenant.service ? identity : 'true';
  return {
    hop: 'namespace',
    name: tenant.namespace,
    verdict: isEntitled ? 'ok' : 'warning',
    notes: [
      isEntitled
        ? `label ${label}=${value}`
        : `no label entitles it to "${identity}": the admission policies refuse such a store`,
    ],
    tags: [],
    ...(source && { location: locate(source, { document: 0, path }) }),
    statements: [],
  };
}

function storeStep({ sources }: DistAccess, store: Store): Step {
  const source = sources.get(store.place.file);
  return {
    hop: 'store',
    name: store.name,
    verdict: 'ok',
    notes: [`reads in ${store.region}`],
    tags: store.sessionTags,
    ...(source && { location: locate(source, store.place) }),
    statements: [],
  };
}

/** What the session asks of Secrets Manager, and Secrets Manager of KMS. */
function readSteps({ sources }: DistAccess, session: Session, secret: DistSecret, read: Access): Step[] {
  const isKeyOut = read.lack?.action === decryptAction;
  const resource = { arn: arnOf(secret, partitionOf(session.role.arn)), tags: secret.tags };
  const action = read.lack === undefined || isKeyOut ? readActions[0] : read.lack.action;
  const decision = decide(session, action, resource, usualContext);
  const request = resourceRequest(session, action, resource, usualContext);
  const policy: Step = {
    hop: 'policy',
    name: session.role.arn,
    verdict: decision.allowed ? 'ok' : 'denied',
    notes: decision.allowed ? [action] : [decisionWords(action, decision)],
    tags: [],
    statements: decidingStatements(decision, request, policiesIn(session), sources),
  };
  const key = secret.kmsKey;
  const steps = [policy, secretStep(secret, decision.allowed ? 'ok' : 'skipped')];
  if (key === undefined) return steps;
  return [...steps, decision.allowed ? keyStep(session, resource, key, sources) : keyUnasked(key)];
}

function keyStep(session: Session, secret: Resource, key: string, sources: SourceMap): Step {
  const decision = decrypts(session, secret, key);
  const request = usualDecryptRequest(session, secret, { arn: key, tags: [] });
  return {
    hop: 'key',
    name: key,
    verdict: decision.allowed ? 'ok' : 'denied',
    notes: decision.allowed ? [decryptAction] : [decisionWords(decryptAction, decision)],
    tags: [],
    statements: decidingStatements(decision, request, policiesIn(session), sources),
  };
}

function policiesIn(session: Session) {
  const { identity, session: policies = [], boundary } = policiesOf(session);
  return [...identity, ...policies, ...(boundary === undefined ? [] : [boundary])];
}

function unasked(secret: DistSecret): Step[] {
  const steps = [secretStep(secret, 'skipped')];
  return secret.kmsKey === undefined ? steps : [...steps, keyUnasked(secret.kmsKey)];
}

function keyUnasked(key: string): Step {
  return { hop: 'key', name: key, verdict: 'skipped', notes: [], tags: [], statements: [] };
}

function secretStep(secret: DistSecret, verdict: Step['verdict']): Step {
  return {
    hop: 'secret',
    name: secret.name,
    verdict,
    notes: [`in ${secret.region} of account ${secret.account}, owned by ${secret.identity}`],
    tags: secret.tags,
    location: secret.location,
    statements: [],
  };
}

function decisionWords(action: string, { reason, missing }: Decision): string {
  if (reason === 'explicit-deny') return `a statement denies ${action}`;
  if (reason === 'unknown') return `AWS does not document whether ${action} is allowed`;
  return missing === 'identity' || missing === undefined
    ? `no statement allows ${action}`
    : `the ${missing} policy does not allow ${action}`;
}
