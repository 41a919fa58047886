import { counted, shortArn } from './dom.js';

/** @typedef {import('./decode.js').Store} Store */
/** @typedef {import('./decode.js').Service} Service */
/** @typedef {import('./decode.js').Secret} Secret */
/** @typedef {import('./decode.js').Report} Report */

/**
 * A box of the picture: what it is, its name, lines below it, tags that it carries, and in which boxes of the next column
 * the way goes on; in the first one when absent.
 *
 * @typedef {{ text: string, isIdentity: boolean }} Label
 * @typedef {{ kind: string, name: string, full?: string, lines?: string[], tags?: Label[], isBroken?: boolean, leadsTo?: number[] }} Box
 */

const mostSecrets = 5;
const mostKeys = 3;

/**
 * The way from a namespace to its secrets, in columns. In the first two the way goes from the top to the bottom.
 *
 * @param {Report} report
 * @param {Service} service
 * @param {Store} store
 * @returns {Box[][]}
 */
export function boxesOf(report, service, store) {
  const identityKey = (report.tagKeys[0] ?? '').toLowerCase();
  const isIdentity = (/** @type {string} */ key) => key.toLowerCase() === identityKey;
  const labels = (/** @type {Store['sessionTags']} */ all) =>
    all.map(({ key, value }) => ({ text: `${key}=${value}`, isIdentity: isIdentity(key) }));
  const claimed = store.sessionTags.find(({ key }) => isIdentity(key))?.value ?? '';
  const tags = labels(store.sessionTags);
  const kubernetes = [
    namespaceBox(service, claimed),
    { kind: 'SecretStore', name: store.name, lines: ['passes as session tags'], tags },
  ];
  const how = report.clusters.find(({ name }) => name === service.cluster)?.operator?.kind;
  const roles = store.roles.map((arn, at) => roleBox(arn, at, store, how, tags));
  if (store.refused !== undefined) return [kubernetes, roles, [refusal(store.refused)]];
  const [secrets, keys] = secretBoxes(store, service, labels);
  const statement = { ...statementBox(store, isIdentity), leadsTo: secrets.map((_, at) => at) };
  return [kubernetes, roles, [statement], secrets, keys];
}

/** @param {Service} service @param {string} claimed @returns {Box} */
function namespaceBox({ service, namespace, identities }, claimed) {
  const shown = { kind: 'Namespace', name: namespace };
  if (!identities.includes(claimed))
    return { ...shown, lines: [`no label for “${claimed}”`], isBroken: true };
  const label = claimed === service ? 'eso-abac/service' : 'shared.eso-abac/…';
  return { ...shown, lines: [`label ${label}`], tags: [{ text: claimed, isIdentity: true }] };
}

/**
 * @param {string} arn
 * @param {number} at
 * @param {Store} store
 * @param {string | undefined} kind
 * @param {Label[]} tags
 * @returns {Box}
 */
function roleBox(arn, at, { roles, refused }, kind, tags) {
  const account = `account ${arn.split(':')[4] ?? ''}`;
  const shown = { name: shortArn(arn), full: arn };
  if (at === roles.length - 1) {
    const carried =
      refused === undefined ? { lines: [account, 'its session carries'], tags } : { lines: [account] };
    return { kind: 'Access role', ...shown, ...carried };
  }
  if (at > 0) return { kind: 'Role on the way', ...shown, lines: [account] };
  const how = kind === undefined ? [] : [kind === 'irsa' ? 'by IRSA' : 'by EKS Pod Identity'];
  return { kind: 'Operator’s role', ...shown, lines: [account, ...how] };
}

/** @param {string} why @returns {Box} */
function refusal(why) {
  return { kind: 'Refused', name: 'No session', lines: wrapped(why, 28), full: why, isBroken: true };
}

/** The tags that the statement compares. @param {Store} store @param {(key: string) => boolean} isIdentity @returns {Box} */
function statementBox({ statement, sessionTags }, isIdentity) {
  if (statement === undefined)
    return { kind: 'Policy', name: 'No statement', lines: ['allows it a secret'], isBroken: true };
  const tags = statement.conditions.flatMap(({ key, values }) => {
    const tag = key.slice(key.indexOf('/') + 1);
    const isCompared = /resourcetag\//i.test(key) && values.some((value) => value.includes('${'));
    const value = sessionTags.find((one) => one.key.toLowerCase() === tag.toLowerCase())?.value ?? '';
    return isCompared ? [{ text: `${tag}=${value}`, isIdentity: isIdentity(tag) }] : [];
  });
  const shown = { kind: 'Policy', name: statement.name, full: statement.place, tags };
  return tags.length === 0
    ? { ...shown, lines: ['compares no tag'], isBroken: true }
    : { ...shown, lines: ['allows where the secret has'] };
}

/**
 * Secrets with their replicas, and the keys that they are encrypted with.
 *
 * @param {Store} store
 * @param {Service} service
 * @param {(tags: Store['sessionTags']) => Label[]} labels
 * @returns {[Box[], Box[]]}
 */
function secretBoxes({ reads }, { identities }, labels) {
  const groups = [...replicas(reads).values()];
  const keyOf = (/** @type {Secret} */ { kmsKey }) =>
    kmsKey === undefined ? 'aws/secretsmanager' : shortArn(kmsKey);
  const keys = [...new Set(reads.map(keyOf))].slice(0, mostKeys);
  const keyBoxes = keys.map((name) => {
    const own = reads.filter((secret) => keyOf(secret) === name);
    const arns = [...new Set(own.flatMap(({ kmsKey }) => kmsKey ?? []))];
    const regions = [...new Set(own.map(({ region }) => region))].sort();
    const kind = arns.length === 0 ? 'The account’s own key' : 'KMS key';
    return { kind, name, full: arns.join('\n') || name, lines: [regions.join(', ')] };
  });
  const boxes = groups.slice(0, mostSecrets).map((copies) => {
    const [first] = copies;
    const leadsTo = [...new Set(copies.map((copy) => keys.indexOf(keyOf(copy))))].filter((at) => at >= 0);
    const regions = copies.map(({ region }) => region).join(', ');
    const isBroken = !identities.includes(first.identity);
    return {
      kind: isBroken ? `Secret of ${first.identity}` : 'Secret',
      isBroken,
      name: first.name,
      full: first.name,
      lines: [regions],
      tags: labels(first.tags),
      leadsTo,
    };
  });
  const rest = groups.length - boxes.length;
  const more = rest === 0 ? [] : [{ kind: 'Secrets', name: `and ${counted(rest, 'other')}`, leadsTo: [] }];
  return [[...boxes, ...more], keyBoxes];
}

/**
 * Secrets of one name and account.
 *
 * @param {readonly Secret[]} secrets
 */
export function replicas(secrets) {
  /** @type {Map<string, [Secret, ...Secret[]]>} */
  const groups = new Map();
  for (const secret of secrets) {
    const key = `${secret.account} ${secret.name}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [secret]);
    else known.push(secret);
  }
  return groups;
}

/**
 * @param {string} text
 * @param {number} most characters
 */
function wrapped(text, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
