import { describe, expect, it } from 'vitest';
import type { Dist, Source } from '../../src/proof/files/model.ts';
import { readDist } from '../../src/proof/files/read.ts';
import { type Matrix, matrixOf, sessionClasses } from '../../src/proof/matrix/matrix.ts';
import { Ways } from '../../src/proof/matrix/ways.ts';
import { rolesFor } from '../../src/proof/prove/role-use.ts';
import { abacTags } from '../../src/proof/tag-keys.ts';
import { Dice } from '../support/dice.ts';
import { damaged } from './damage.ts';
import { filesOf, fleets } from './fleets.ts';

/** More services than a tag has values that are looked at one by one, in two environments. */
const many = `
version: 1
aws: { account: "123456789012", controllerRole: "eso-{cluster.name}", kms: { byTag: true } }
abac: { tags: { environment: "{cluster.environment}", team: "{service}" } }
clusters:
  prod: { region: us-west-2, environment: prod, podIdentity: true }
  staging: { region: us-west-2, environment: staging, podIdentity: true }
services:
${Array.from({ length: 15 }, (_, index) => `  - { name: s${index}, clusters: [prod, staging], secrets: ["{cluster.environment}/s${index}", "{cluster.environment}/s${index}/b"] }`).join('\n')}
shared:
  - { name: common, services: [s1], secrets: ["{cluster.environment}/common"] }
`;

/** The matrix by the short way or pair by pair, as data. */
function matrix(dist: Dist, everyPair: boolean): Matrix {
  const controllers = rolesFor('controller', dist);
  const classes = sessionClasses(dist.clusters, new Ways(dist, controllers, everyPair));
  return matrixOf(dist, classes, abacTags(dist)?.keys ?? [], everyPair);
}

/** How each store gets its session, or why not. */
function sessions({ classes }: Matrix): string[] {
  return classes.map(({ result }) =>
    result.session === undefined
      ? `${result.why} ${result.decision?.reason} ${result.decision?.by.map(({ sid }) => sid)}`
      : `${result.controllerRole} ${result.session.principal.session} ${JSON.stringify(result.session.tags)}`,
  );
}

function summary({ wrong, allowed }: Matrix) {
  const kinds = wrong.map(({ kind, shown }) => {
    const by = shown.decision.by.map(({ location }) => `${location.file}:${location.start.line}`);
    return `${kind} by ${by.join(', ')} ${shown.decision.reason}`;
  });
  return { allowed, kinds: [...new Set(kinds)].sort() };
}

/** The answer for each session and secret. */
function table(dist: Dist, { classes, reads }: Matrix): string[] {
  return classes.flatMap(({ result }) => {
    const { session } = result;
    if (session === undefined) return [];
    return dist.secrets.map((secret) => {
      const { allowed, denied } = reads(session, secret);
      return `${JSON.stringify(session.tags)} ${secret.name}: ${allowed} ${denied}`;
    });
  });
}

function compare(sources: readonly Source[]) {
  const { dist } = readDist(sources);
  const [short, full] = [matrix(dist, false), matrix(dist, true)];
  expect(sessions(short)).toEqual(sessions(full));
  expect(summary(short)).toEqual(summary(full));
  expect(table(dist, short)).toEqual(table(dist, full));
  const refused = full.classes.filter(({ result }) => result.session === undefined).length;
  return { wrong: full.wrong.length, refused };
}

const variable = (text: string) => '$'.concat(`{aws:PrincipalTag/${text}}`);

/** Other policies. Some go wrong for named secrets, some only for secrets that could exist. */
const edits: readonly (readonly [after: string, before: string, isWrong: boolean])[] = [
  ['StringNotEquals', 'StringEquals', true],
  ['StringEqualsIfExists', 'StringEquals', false],
  ['StringEqualsIgnoreCase', 'StringEquals', false],
  [variable("team, 's3'"), variable('team'), false],
  ['s3', variable('team'), true],
  [variable('environment'), variable('team'), true],
  ['secret:prod/*', 'secret:*', true],
  ['secret:*/b-*', 'secret:*', true],
  ['secret:????????*', 'secret:*', false],
  ['Deny', 'Allow', true],
  ['secretsmanager:ListSecrets', 'secretsmanager:DescribeSecret', true],
  ['secretsmanager:ResourceTag/owner', 'secretsmanager:ResourceTag/team', true],
  ['aws:PrincipalTag/owner', 'aws:PrincipalTag/team', true],
];

const requestTag = (text: string) => '$'.concat(`{aws:RequestTag/${text}}`);

/** Other trust policies, with how many of the sessions are refused. */
const trustEdits: readonly (readonly [after: string, before: string, refused: number])[] = [
  ['"aws:RequestTag/team": "s1*"', '"aws:RequestTag/team": "?*"', 9],
  ['"aws:RequestTag/team": "s?"', '"aws:RequestTag/team": "?*"', 5],
  [`"aws:RequestTag/team": "${requestTag('ekssecret')}"`, '"aws:RequestTag/team": "?*"', 1],
  [`"aws:RequestTag/team": "${requestTag('environment')}"`, '"aws:RequestTag/team": "?*"', 16],
  ['"aws:RequestTag/environment": "s3"', '"aws:RequestTag/environment": "prod"', 16],
  ['"StringNotLike": { "aws:RequestTag/team": "s3" }, "StringEquals"', '"StringEquals"', 1],
  ['Deny', 'Allow', 16],
];

describe('the short way and the product of all pairs agree', () => {
  it.each(Object.entries({ ...fleets, many }))('%s', (_, input) => {
    expect(compare(filesOf(input)).wrong).toBe(0);
  });

  it.each(edits)('when the access policy says %s in place of %s', (after, before, isWrong) => {
    const sources = filesOf(many).map(({ path, text }) => {
      const isPolicy = path.endsWith('roles/eso-secrets-access/policy.json');
      return { path, text: isPolicy ? text.replace(before, after) : text };
    });
    expect(compare(sources).wrong > 0).toBe(isWrong);
  });

  it.each(trustEdits)('when the trust policy says %s in place of %s', (after, before, refused) => {
    const sources = filesOf(many).map(({ path, text }) => {
      const isTrust = path.endsWith('roles/eso-secrets-access/trust.json');
      return { path, text: isTrust ? text.replace(before, () => after) : text };
    });
    expect(compare(sources).refused).toBe(refused);
  });

  it('when secrets and manifests are damaged', () => {
    const files = filesOf(fleets.pinned ?? '');
    const isTarget = ({ path }: Source) => /secrets\/|services\//.test(path);
    for (let seed = 0; seed < 30; seed++) {
      const { sources } = damaged(files.filter(isTarget), new Dice(seed));
      compare([...files.filter((one) => !isTarget(one)), ...sources]);
    }
  });
});
