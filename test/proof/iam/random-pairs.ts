import type { Context, Principal, Request } from '../../../src/proof/iam/model.ts';

/** A policy document as data. */
export interface Document {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** A request and every policy that decides it, as documents. */
export interface Pair {
  readonly request: Request;
  readonly identity: readonly Document[];
  readonly boundary?: Document;
  readonly scps: readonly Document[];
  readonly resource?: Document;
}

/** Numbers that look random and are the same for the same seed (mulberry32, in the public domain). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** From 0 up to 1, without 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + Math.floor(this.next() * most) }, make);
  }
}

const accounts = ['111122223333', '444455556666'] as const;
const tagKeys = ['ekssecret', 'environment', 'Team'] as const;
const tagValues = ['payments', 'Payments', 'orders', 'pay*', 'p?yments', 'prod', 'a:b'] as const;
const actions = [
  'secretsmanager:GetSecretValue',
  'secretsmanager:DescribeSecret',
  'kms:Decrypt',
  'sts:AssumeRole',
  'sts:TagSession',
] as const;
const regions = ['us-west-2', 'eu-west-1'] as const;
const provider = 'oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE';
const service = 'pods.eks.amazonaws.com';

/** One request with policies that were made to be about it, more often than not. */
export function randomPair(random: Random): Pair {
  const request = randomRequest(random);
  const { type } = request.principal;
  const isOutside = type === 'service' || type === 'federated';
  const policy = (kind: 'plain' | 'named') => randomDocument(random, request, kind);
  const needsResource = /^(sts|kms):/.test(request.action);
  const isAcross = !isOutside && accountOf(request.principal) !== request.resourceAccount;
  const hasResource = needsResource || isOutside || random.chance(isAcross ? 0.8 : 0.2);
  return {
    request,
    identity: isOutside ? [] : random.list(2, () => policy('plain')),
    ...(!isOutside && random.chance(0.2) && { boundary: policy('plain') }),
    scps: isOutside || random.chance(0.8) ? [] : random.list(2, () => policy('plain')),
    ...(hasResource && { resource: policy('named') }),
  };
}

function accountOf(principal: Principal): string {
  return 'account' in principal ? principal.account : '';
}

function randomRequest(random: Random): Request {
  const resourceAccount = random.pick(accounts);
  const principal = randomPrincipal(random, random.chance(0.75) ? resourceAccount : random.pick(accounts));
  const isFederated = principal.type === 'federated';
  const isService = principal.type === 'service';
  const action = isFederated
    ? 'sts:AssumeRoleWithWebIdentity'
    : random.pick(isService ? ['sts:AssumeRole', 'sts:TagSession'] : actions);
  const resource = resourceFor(random, action, resourceAccount);
  return { action, resource, resourceAccount, principal, context: randomContext(random, principal, action) };
}

function randomPrincipal(random: Random, account: string): Principal {
  const kind = random.next();
  if (kind < 0.08) return { type: 'service', name: service };
  if (kind < 0.16)
    return { type: 'federated', provider: `arn:aws:iam::${account}:oidc-provider/${provider}` };
  if (kind < 0.26) return { type: 'user', arn: `arn:aws:iam::${account}:user/ann`, account };
  const [path, name] = random.pick([
    ['', 'eso-controller'],
    ['eso/', 'eso-access'],
  ]);
  return {
    type: 'session',
    role: `arn:aws:iam::${account}:role/${path}${name}`,
    session: `arn:aws:sts::${account}:assumed-role/${name}/external-secrets`,
    account,
  };
}

function resourceFor(random: Random, action: string, account: string): string {
  if (action.startsWith('sts:')) return `arn:aws:iam::${account}:role/eso/eso-access`;
  const region = random.pick(regions);
  if (action.startsWith('kms:')) return `arn:aws:kms:${region}:${account}:key/0000-1111`;
  return `arn:aws:secretsmanager:${region}:${account}:secret:${random.pick(['payments/db', 'orders'])}-AbCdEf`;
}

function randomContext(random: Random, principal: Principal, action: string): Context {
  const context = new Map<string, string | readonly string[]>();
  const tags = (prefix: string, probability: number) => {
    for (const key of tagKeys) {
      if (random.chance(probability)) context.set(`${prefix}/${key}`.toLowerCase(), randomTagValue(random));
    }
  };
  if (principal.type === 'session' || principal.type === 'user') {
    context.set('aws:principalarn', principal.type === 'session' ? principal.role : principal.arn);
    context.set('aws:principalaccount', principal.account);
    tags('aws:principaltag', 0.6);
  }
  tags('aws:resourcetag', 0.6);
  context.set('aws:secureTransport'.toLowerCase(), random.pick(['true', 'true', 'false']));
  if (action.startsWith('secretsmanager:')) tags('secretsmanager:resourcetag', 0.7);
  if (action === 'kms:Decrypt') {
    context.set('kms:viaservice', `secretsmanager.${random.pick(regions)}.amazonaws.com`);
  }
  if (action.startsWith('sts:')) {
    tags('aws:requesttag', 0.6);
    if (random.chance(0.7))
      context.set(
        'aws:tagkeys',
        random.list(3, () => random.pick(tagKeys)),
      );
    if (action === 'sts:AssumeRole' && random.chance(0.4)) context.set('sts:externalid', 'example-1');
  }
  if (principal.type === 'federated') {
    context.set(`${provider}:sub`.toLowerCase(), 'system:serviceaccount:external-secrets:external-secrets');
    context.set(`${provider}:aud`.toLowerCase(), 'sts.amazonaws.com');
  }
  if (principal.type === 'service') {
    context.set('aws:sourceaccount', random.pick(accounts));
    context.set('aws:sourcearn', `arn:aws:eks:us-west-2:${random.pick(accounts)}:cluster/prod`);
  }
  return context;
}

function randomTagValue(random: Random): string {
  return random.chance(0.02) ? '' : random.chance(0.5) ? tagValues[0] : random.pick(tagValues);
}

function randomDocument(random: Random, request: Request, kind: 'plain' | 'named'): Document {
  const statements = random.list(2, () =>
    randomStatement(random, request, kind, random.chance(0.12) ? 'Deny' : 'Allow'),
  );
  return { Version: '2012-10-17', Statement: statements };
}

function randomStatement(random: Random, request: Request, kind: 'plain' | 'named', Effect: string) {
  const isTrust = kind === 'named' && request.action.startsWith('sts:');
  const isNotAction = random.chance(0.08);
  const isNotResource = random.chance(0.08);
  const about = random.chance(0.85) ? request : randomRequest(random);
  const conditions = random.chance(Effect === 'Deny' ? 0.8 : 0.6) && randomConditions(random, request);
  return {
    Effect,
    ...(kind === 'named' && { Principal: randomPrincipals(random, request) }),
    [isNotAction ? 'NotAction' : 'Action']: randomActions(
      random,
      isNotAction ? other(random, request.action) : about.action,
    ),
    ...(!isTrust && {
      [isNotResource ? 'NotResource' : 'Resource']: isNotResource
        ? resourceFor(random, random.pick(actions), random.pick(accounts))
        : randomResources(random, about),
    }),
    ...(conditions && { Condition: conditions }),
  };
}

function other(random: Random, action: string): string {
  return random.chance(0.3) ? action : random.pick(actions);
}

function randomActions(random: Random, action: string): string | string[] {
  const [prefix = '', name = ''] = action.split(':');
  const one = () =>
    random.pick([
      action,
      action,
      action.toUpperCase(),
      `${prefix}:*`,
      `${prefix}:${name.slice(0, 3)}*`,
      `${prefix}:?${name.slice(1)}`,
      '*',
      random.pick(actions),
    ]);
  return random.chance(0.5) ? one() : random.list(3, one);
}

function randomResources(random: Random, { resource }: Request): string | string[] {
  const [, , name = '', region = '', account = '', ...rest] = resource.split(':');
  const last = rest.join(':');
  // "secret:", "key/" or "role/": the kind of the resource, in front of its name.
  const kind = last.slice(0, 1 + last.search(/[:/]/));
  const ofName = last.slice(kind.length);
  const at = (a: string, b: string, c: string) => `arn:aws:${name}:${a}:${b}:${c}`;
  const one = () =>
    random.pick([
      resource,
      '*',
      at(region, account, `${last.slice(0, 6)}*`),
      at(region, account, `${last.slice(0, -6)}??????`),
      at('*', account, '*'),
      at(region, '*', last),
      at(region, random.pick(accounts), '*'),
      at(region, account, `${kind}*\${aws:PrincipalTag/${random.pick(tagKeys)}}*`),
      at(region, account, `${kind}\${aws:PrincipalTag/ekssecret, '${ofName}'}`),
      at(region, account, `${kind}${ofName.slice(0, 2)}*\${*}`),
      `arn:aws:${name}:*`,
      at(region, account, last.toUpperCase()),
    ]);
  return random.chance(0.6) ? one() : random.list(2, one);
}

function randomPrincipals(random: Random, { principal }: Request): unknown {
  if (random.chance(0.05)) return '*';
  const account = accountOf(principal);
  const session = principal.type === 'session' ? [principal.session, principal.role, principal.role] : [];
  const own = principal.type === 'user' ? [principal.arn] : session;
  const one = () =>
    random.pick([
      `arn:aws:iam::${account || accounts[0]}:root`,
      account || accounts[0],
      ...own,
      ...own,
      `arn:aws:iam::${accounts[0]}:role/eso-controller`,
      `arn:aws:iam::${accounts[1]}:root`,
      ...(random.chance(0.2) ? ['*'] : []),
    ]);
  const names = {
    ...((account || random.chance(0.3)) && { AWS: random.chance(0.6) ? one() : random.list(3, one) }),
    ...((principal.type === 'service' || random.chance(0.1)) && { Service: service }),
    ...(principal.type === 'federated' && { Federated: principal.provider }),
  };
  return Object.keys(names).length > 0 ? names : { AWS: one() };
}

/** Whether a condition that is made for a request shall hold, as far as its maker can see. */
function randomConditions(random: Random, request: Request): Readonly<Record<string, unknown>> {
  const blocks: Record<string, Record<string, unknown>> = {};
  const count = 1 + Math.floor(random.next() * 2);
  for (let i = 0; i < count; i++) {
    const [operator, key, values] = randomCondition(random, request);
    // A key that stands twice, in another case, is not judged.
    const others = Object.entries(blocks[operator] ?? {}).filter(
      ([other]) => other.toLowerCase() !== key.toLowerCase(),
    );
    blocks[operator] = { ...Object.fromEntries(others), [key]: values };
  }
  return blocks;
}

type OneCondition = readonly [operator: string, key: string, values: unknown];

function randomCondition(random: Random, request: Request): OneCondition {
  const { context } = request;
  const present = [...context.keys()];
  const key =
    random.chance(0.85) && present[0] !== undefined
      ? random.pick([present[0], ...present])
      : absentKey(random);
  const value = context.get(key);
  const spelled = random.chance(0.3) ? key.replace(/tag/g, 'TAG') : key;
  if (random.chance(0.15)) return ['Null', spelled, random.pick(['true', 'false', false, ['true', 'false']])];
  if (key === 'aws:securetransport')
    return [random.pick(['Bool', 'BoolIfExists']), spelled, random.pick(['true', 'false', true])];
  if (key === 'aws:tagkeys')
    return setCondition(random, spelled, typeof value === 'object' && value ? value : []);
  if (/arn$/.test(key) && random.chance(0.7)) return arnCondition(random, spelled, String(value ?? ''));
  return textCondition(random, spelled, typeof value === 'string' ? value : random.pick(tagValues));
}

function absentKey(random: Random): string {
  return random.pick([
    'aws:requesttag/ekssecret',
    'aws:principaltag/environment',
    'sts:externalid',
    'aws:resourcetag/owner',
  ]);
}

function setCondition(random: Random, key: string, values: readonly string[]): OneCondition {
  const operator = random.pick([
    'StringEquals',
    'StringEquals',
    'StringNotEquals',
    'StringLike',
    'StringEqualsIgnoreCase',
  ]);
  const quantifier = random.pick(['ForAllValues', 'ForAllValues', 'ForAnyValue']);
  const ifExists = quantifier === 'ForAllValues' && random.chance(0.1) ? 'IfExists' : '';
  const listed = random.chance(0.6)
    ? [...values, random.pick(tagKeys)]
    : random.list(2, () => random.pick(tagKeys));
  return [`${quantifier}:${operator}${ifExists}`, key, random.chance(0.2) ? [...listed, 'e*'] : listed];
}

function arnCondition(random: Random, key: string, arn: string): OneCondition {
  const operator = random.pick(['ArnEquals', 'ArnLike', 'ArnLike', 'ArnNotEquals', 'ArnNotLike']);
  const [head = 'arn', partition = 'aws', name = 'iam', region = '', account = '', ...rest] = arn.split(':');
  const one = () =>
    random.pick([
      arn || 'arn:aws:iam::111122223333:role/x',
      `${head}:${partition}:${name}:${region}:${account}:*`,
      `${head}:${partition}:*:*:*:${rest.join(':')}`,
      `${head}:${partition}:${name}:${region}:*:role/eso-*`,
      `${head}:${partition}:${name}:${region}:*${account.slice(0, 4)}*:*`,
      `${head}:${partition}:${name}::${random.pick(accounts)}:role/\${aws:PrincipalTag/Team}`,
      arn.toUpperCase().replace(/^ARN/, 'arn') || 'arn:aws:iam::1:x',
    ]);
  return [
    `${operator}${random.chance(0.15) ? 'IfExists' : ''}`,
    key,
    random.chance(0.6) ? one() : random.list(2, one),
  ];
}

function textCondition(random: Random, key: string, value: string): OneCondition {
  const base = random.pick([
    'StringEquals',
    'StringEquals',
    'StringEquals',
    'StringLike',
    'StringLike',
    'StringNotEquals',
    'StringNotLike',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
  ]);
  const isNegated = base.includes('Not');
  const text = isNegated && random.chance(0.7) ? 'something else' : value;
  const tag = random.pick(tagKeys);
  const escapes = [`${text.slice(0, 3)}\${*}`, `p\${?}yments`, `\${$}${text}`];
  const one = () =>
    random.pick([
      text,
      text,
      text.toUpperCase(),
      text.toLowerCase(),
      `${text.slice(0, 2).toLowerCase()}*`,
      `?${text.slice(1)}`,
      '*',
      '?*',
      ...(isNegated && !random.chance(0.1)
        ? []
        : [`\${aws:PrincipalTag/${tag}}`, `\${aws:principaltag/${tag.toUpperCase()}}`]),
      `\${aws:PrincipalTag/${tag}, '${text || 'none'}'}`,
      ...(base.endsWith('Like') || random.chance(0.02) ? escapes : []),
    ]);
  const quantifier = random.chance(0.06) ? random.pick(['ForAllValues:', 'ForAnyValue:']) : '';
  const ifExists = quantifier !== 'ForAnyValue:' && random.chance(0.12) ? 'IfExists' : '';
  return [`${quantifier}${base}${ifExists}`, key, random.chance(0.6) ? one() : random.list(3, one)];
}
