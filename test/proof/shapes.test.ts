import { describe, expect, it } from 'vitest';
import { Shapes } from '../../src/proof/matrix/shapes.ts';
import { TagShapes } from '../../src/proof/matrix/tag-shapes.ts';
import { policyOf, type StatementData } from './iam/support.ts';
import { allow, principalTag, tagsOf } from './small-dist.ts';

const [id, env] = ['secretsmanager:ResourceTag/id', 'aws:ResourceTag/env'];
const where = (Condition: object, more: StatementData = {}) =>
  allow('secretsmanager:GetSecretValue', { Condition, ...more });
const shapesOf = (...statements: readonly StatementData[]) =>
  new Shapes([policyOf('identity', ...statements)]);

describe('what a decision about a session and a secret can depend on', () => {
  it('tags of the secret that are compared with tags of the session', () => {
    const { equalities } = shapesOf(
      where({ StringEquals: { [id]: principalTag('Team'), [env]: [principalTag('env'), 'prod'] } }),
      where({ StringNotEquals: { [id]: principalTag('id') } }),
    );
    expect(equalities).toEqual([
      { secretTag: 'id', sessionTag: 'team' },
      { secretTag: 'id', sessionTag: 'id' },
      { secretTag: 'env', sessionTag: 'env' },
    ]);
  });

  it.each<readonly [what: string, condition: object, isUniform: boolean]>([
    ['nothing', {}, true],
    ['texts', { StringLike: { [id]: 'a*', 'aws:PrincipalTag/id': 'b' } }, true],
    [
      'a tag of the session',
      { StringEquals: { [id]: principalTag('id'), [env]: principalTag('env') } },
      true,
    ],
    ['a tag of the session beside a text', { StringEquals: { [id]: ['a', principalTag('id')] } }, true],
    ['a tag of the session, as a pattern', { StringLike: { [id]: principalTag('id') } }, false],
    [
      'something else of the session',
      { StringEquals: { [id]: '$'.concat('{aws:PrincipalAccount}') } },
      false,
    ],
    [
      'a tag of the session beside something else',
      { StringEquals: { [id]: [principalTag('id'), '$'.concat('{aws:PrincipalAccount}')] } },
      false,
    ],
    ['two tags of the session', { StringEquals: { 'aws:PrincipalTag/id': principalTag('env') } }, false],
  ])('only equality counts where tags are compared with %s', (what, condition, isUniform) => {
    expect(shapesOf(where(condition)).areUniform, what).toBe(isUniform);
  });

  it('how a value passes the comparisons with texts', () => {
    const shapes = shapesOf(
      where({ StringLike: { [id]: ['a*', '*z'] } }),
      where({
        StringEquals: { [id]: '$'.concat("{aws:PrincipalTag/team, 'none'}"), [env]: principalTag('env') },
      }),
    );
    const answers = (key: string, ...values: readonly string[]) =>
      values.map((value) => shapes.ofValue(key.toLowerCase(), value));
    expect(answers(id, 'ab', 'yz', 'az', 'none', 'x', '')).toEqual([
      '100',
      '010',
      '110',
      '001',
      '000',
      'empty',
    ]);
    expect(answers(env, 'prod')).toEqual(['']);
    expect(answers('aws:ResourceTag/other', 'prod')).toEqual(['']);
    // What the session's tag is compared with stands for nothing but itself.
    expect(answers('aws:PrincipalTag/team', 'none')).toEqual(['']);
  });

  it('how tags pass them, absent ones and those that stand twice', () => {
    const shapes = shapesOf(where({ StringEquals: { [id]: 'a', 'aws:ResourceTag/id': 'b', [env]: 'prod' } }));
    const of = (tags: Readonly<Record<string, string>>) =>
      shapes.ofTags(['aws:resourcetag', 'secretsmanager:resourcetag'], tagsOf(tags));
    expect(of({ id: 'a', env: 'test' })).toBe('1;0;0');
    expect(of({ ID: 'b' })).toBe('0;1;-');
    expect(of({ id: 'a', ID: 'a', env: 'prod', other: 'x' })).toBe('?;?;1');
    expect(of({})).toBe('-;-;-');
  });

  it('how ARNs pass the comparisons with resources, and all of them that begin alike', () => {
    const arn = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:';
    const shapes = shapesOf(
      where({}, { Resource: [`${arn}prod/*`, `${arn}*`] }),
      where({}, { Resource: 'arn:aws:secretsmanager:eu-*' }),
    );
    // A wildcard at the end may reach beyond the colon or not.
    const answers = (text: string) => shapes.ofArn(text);
    expect(answers(`${arn}prod/a`)).toBe(answers(`${arn}prod/b`));
    expect(answers(`${arn}prod/a`)).not.toBe(answers(`${arn}test/a`));
    expect(shapes.ofArnsFrom(arn)).toBeUndefined();
    expect(shapes.ofArnsFrom(`${arn}prod/`)).toBe(answers(`${arn}prod/a`));
    expect(shapes.ofArnsFrom(`${arn}test/`)).toBe(answers(`${arn}test/a`));
    expect(shapesOf(where({})).ofArnsFrom('')).toBe(shapesOf(where({})).ofArn(arn));
  });
});

describe('tags that are the same to the policies of a role', () => {
  const shapes = () => shapesOf(where({ StringLike: { [id]: 'a*', [env]: 'prod' } }));
  const prefixes = ['aws:resourcetag', 'secretsmanager:resourcetag'];
  const of = (byValue: readonly string[] = []) => {
    const tags = new TagShapes(shapes(), prefixes, new Set(byValue));
    return (one: Readonly<Record<string, string>>) => tags.of(tagsOf(one));
  };

  it.each<
    readonly [what: string, one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>]
  >([
    ['with values that pass the same comparisons', { id: 'ab', env: 'x' }, { id: 'ac', env: 'y' }],
    ['that nothing is compared with', { id: 'ab', other: 'x' }, { id: 'ab', other: 'y' }],
    ['in another order', { id: 'ab', env: 'prod' }, { env: 'prod', id: 'ab' }],
    ['with keys in another case', { id: 'ab' }, { ID: 'ab' }],
  ])('are those %s', (_, one, other) => {
    const shape = of();
    expect(shape(one)).toBe(shape(other));
    // Asked in the other order the answer is the same: nothing is remembered for the wrong tags.
    const again = of();
    expect(again(other)).toBe(shape(one));
  });

  it.each<
    readonly [what: string, one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>]
  >([
    ['with values that do not', { id: 'ab', env: 'x' }, { id: 'b', env: 'x' }],
    ['of which one lacks a tag', { id: 'ab', env: 'x' }, { id: 'ab' }],
    ['of which one has an empty value', { id: 'b' }, { id: '' }],
    ['of which one has a tag twice', { id: 'ab' }, { id: 'ab', ID: 'ab' }],
  ])('are none %s', (_, one, other) => {
    const shape = of();
    expect(shape(one)).not.toBe(shape(other));
  });

  it('have the same values where these are part of the shape', () => {
    const shape = of(['id', 'team']);
    expect(shape({ id: 'ab', team: 'x' })).toBe(shape({ team: 'x', ID: 'ab' }));
    expect(shape({ id: 'ab' })).not.toBe(shape({ id: 'ac' }));
    expect(shape({ id: 'x', team: 'y' })).not.toBe(shape({ id: 'y', team: 'x' }));
    expect(shape({ id: 'x', env: 'a' })).toBe(shape({ id: 'x', env: 'b' }));
  });
});
