import { describe, expect, it } from 'vitest';
import { compile, outcomeOf } from '../../src/proof/guard/cel.ts';
import { typeOf } from '../../src/proof/guard/types.ts';
import { Dice } from '../support/dice.ts';
import { Expressions } from './expressions.ts';
import { askLibrary, written } from './library.ts';

/** Whether the proof judges an expression by what the evaluator makes of it. */
const isJudged = (text: string) => compile(text).problem === undefined && !('problem' in typeOf(text, {}));

describe('an expression that the proof judges', () => {
  it('is read as the API server reads it', () => {
    const expressions = new Expressions(new Dice(1));
    const texts = Array.from({ length: 20_000 }, (_, index) => expressions.anything(1 + (index % 3)));
    const read = texts.filter((text) => compile(text).problem === undefined);
    const answers = askLibrary(read.map((text) => ({ text })));
    const ours = read.map((text) => ({ text, read: written(compile(text).ast as never) }));
    expect(ours).toEqual(read.map((text, index) => ({ text, read: answers[index]?.read })));
    expect(read.length).toBeGreaterThan(1_000);
  });

  it('comes to what it comes to there, and is taken there', () => {
    const dice = new Dice(2);
    const expressions = new Expressions(dice);
    const cases = Array.from({ length: 8_000 }, (_, index) => ({
      text: expressions.truth(1 + (index % 4)),
      variables: { object: expressions.object(), oldObject: expressions.object() },
    })).filter(({ text }) => isJudged(text));
    const answers = askLibrary(cases);
    const found = cases.map(({ text, variables }, index) => {
      const [ours, theirs] = [outcomeOf(compile(text), variables), answers[index]];
      return { text, variables, ours, theirs };
    });
    const isTruth = (value: unknown) => typeof value === 'boolean';
    const differing = found.filter(({ ours, theirs }) => {
      if (theirs?.refused !== undefined) return true;
      return 'value' in ours && isTruth(ours.value) && isTruth(theirs?.value) && ours.value !== theirs?.value;
    });
    expect(differing).toEqual([]);
    const decided = found.filter(({ ours, theirs }) => 'value' in ours && isTruth(theirs?.value));
    expect(decided.length).toBeGreaterThan(1_500);
  });
});
