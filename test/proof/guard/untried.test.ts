import { describe, expect, it } from 'vitest';
import { Admission } from '../../../src/proof/guard/decide.ts';
import { kinds, update } from '../../../src/proof/guard/requests.ts';
import { binding, guardOf, policy } from './platform.ts';

/** An update of a SecretStore that has these names, before and after. */
const change = (before: string, after: string) => {
  const named = (name: string) => ({ metadata: { name, namespace: 'ledger' }, spec: { flag: true } });
  const namespace = { metadata: { name: 'ledger' } };
  return update(kinds.SecretStore, named(before), named(after), namespace);
};
const n = 'object.metadata.name';
const o = 'oldObject.metadata.name';

/** What is untried in a policy after these names were forged, and these were let through. */
function untried(
  parts: {
    readonly validation: string;
    readonly further?: readonly string[];
    readonly condition?: string;
    readonly variable?: string;
  },
  { forged = [], real = [] }: { readonly forged?: readonly string[]; readonly real?: readonly string[] },
): string[] {
  const { validation, further = [], condition = 'true', variable = 'true' } = parts;
  const guard = {
    ...guardOf(
      policy({
        matchConditions: [{ name: 'some', expression: condition }],
        variables: [{ name: 'own', expression: variable }],
        validations: [validation, ...further].map((expression) => ({ expression })),
      }),
      binding(),
    ),
    servedVersions: ['v1'],
  };
  const admission = new Admission(guard);
  for (const name of forged) admission.decide(change('before', name), true);
  for (const name of real) admission.decide(change('before', name));
  return guard.policies.flatMap((one) => admission.untriedIn(one).map(({ text }) => text));
}

const [a, b, c] = ['a', 'b', 'c'].map((name) => `${n} == '${name}'`) as [string, string, string];

describe('what by itself makes a validation hold, and has not', () => {
  it.each([
    ['an operand', `${a} || ${b}`, ['a'], [b]],
    ['none that has', `${a} || ${b}`, ['a', 'b'], []],
    ['each of three', `${a} || ${b} || ${c}`, [''], [a, b, c]],
    ['those that are true at once', `${a} || ${o} == 'x' && ${b}`, ['a', 'b'], [`${o} == 'x' && ${b}`]],
    ['one behind a bracket', `(${a} || ${b}) && ${n} != 'c'`, ['b'], [a]],
    ['none of what must all be true', `${a} && ${b}`, ['a'], []],
    ['what is denied', `!(${a} && ${b})`, ['b'], [b]],
    ['what is denied twice', `!(!(${a}) && !(${b}))`, ['b'], [`!(${a})`]],
    ['what is chosen', `${a} ? ${b} : ${c}`, ['c'], [b]],
    ['what is chosen, or true anyway', `${a} || ${b} ? true : ${c}`, ['a', 'c'], [b]],
    ['none of what is written down', `false || ${n} in [] || ${a}`, ['a'], []],
    ['one that looks among something', `${a} || ${n} in ['b']`, ['a'], [`${n} in ['b']`]],
    [
      'one behind many brackets',
      `((((${n}) + 'a') + 'a') + 'a') == 'b' || ${a}`,
      ['a'],
      [`((((${n}) + 'a') + 'a') + 'a') == 'b'`],
    ],
    ['one that looks at a variable', `${a} || variables.own`, ['a'], ['variables.own']],
  ])('is %s', (_, validation, forged, expected) => {
    const found = untried({ validation, variable: `${b} || ${c}` }, { forged });
    expect(found).toEqual(expected);
  });

  it.each([
    ['by itself', 'variables.own', [b]],
    ['the other way round', '!variables.own', []],
    ['with others', 'variables.own == true', [b]],
  ])('is what is in a variable, %s', (_, validation, expected) => {
    expect(untried({ validation, variable: `${a} || ${b}` }, { forged: ['a', 'c'] })).toEqual(expected);
  });

  it('is what makes a variable false, where it is asked for that', () => {
    expect(
      untried({ validation: 'variables.own == false', variable: `${a} && ${b}` }, { forged: ['a'] }),
    ).toEqual([a]);
  });

  it('is what is written down as true, if it was never asked', () => {
    const parts = { validation: `${a} || true`, condition: `${n} != ''` };
    expect(untried(parts, { forged: ['a'] })).toEqual(['true']);
    expect(untried(parts, { forged: ['a', 'b'] })).toEqual([]);
  });

  it('is what makes a variable true or false, where something is chosen by it', () => {
    const validation = '(variables.own ? object : oldObject).spec.flag';
    expect(untried({ validation, variable: `${a} && ${b}` }, { forged: ['a'] })).toEqual([a]);
  });

  it('is nothing in a variable that looks at itself', () => {
    const variable = `variables.own && ${a}`;
    const parts = { validation: 'variables.own', further: [`${a} || ${b}`], variable };
    expect(untried(parts, { forged: ['a'] })).toEqual([b]);
  });

  it.each(['object.spec.other', 'object.'])('is so beside what cannot be judged: %s', (other) => {
    expect(untried({ validation: `${a} || ${b}`, further: [other] }, { forged: ['a'] })).toEqual([b]);
  });

  it('is once what stands twice', () => {
    expect(untried({ validation: `(${a} || ${b}) && (${a} || ${b})` }, { forged: ['a'] })).toEqual([b]);
  });

  it('is in one line', () => {
    expect(untried({ validation: `${a} || (\n  ${b} &&\n  true)` }, { forged: ['a'] })).toEqual([
      `${b} && true`,
    ]);
  });

  it('is nothing where none was evaluated', () => {
    expect(untried({ validation: `${a} || ${b}` }, {})).toEqual([]);
    expect(untried({ validation: `${a} || ${b}`, condition: 'false' }, { forged: ['a'] })).toEqual([]);
  });
});

describe('what leaves a request out by itself, and has not', () => {
  const condition = `${n} != 'a' && ${n} != 'b'`;
  it('is an operand that was true whenever the others were', () => {
    expect(untried({ validation: a, condition }, { forged: ['a', 'c'] })).toEqual([`${n} != 'b'`]);
    expect(untried({ validation: a, condition }, { forged: ['a', 'b', 'c'] })).toEqual([]);
  });
});

describe('a condition', () => {
  const condition = `!(${n}.startsWith('a') && ${n} != 'a')`;
  it('that has never failed is one', () => {
    expect(untried({ validation: a, condition }, { forged: ['a', 'c'] })).toEqual([condition]);
  });

  it('that joins nothing is none', () => {
    expect(untried({ validation: a, condition: `!(${n} == 'z')` }, { forged: ['a', 'c'] })).toEqual([]);
  });

  it.each(['forged', 'real'])('that has failed of what was %s is none', (by) => {
    expect(untried({ validation: a, condition }, { forged: ['a'], [by]: ['a', 'ab'] })).toEqual([]);
  });
});

describe('what must be let through', () => {
  const validation = `${n}.startsWith('a') || ${a} || ${b}`;
  it('counts where one thing alone lets it', () => {
    expect(untried({ validation }, { forged: ['z'], real: ['ab', 'b'] })).toEqual([a]);
    expect(
      untried({ validation: `${n} != 'c' && ${validation}` }, { forged: ['z'], real: ['ab', 'b'] }),
    ).toEqual([a]);
  });

  it('does not where two do', () => {
    expect(untried({ validation }, { forged: ['z'], real: ['a', 'b'] })).toEqual([`${n}.startsWith('a')`, a]);
  });

  it('does as a forgery', () => {
    expect(untried({ validation }, { forged: ['a', 'b'] })).toEqual([a]);
  });
});
