import { type ASTNode, parse, serialize } from '@marcbachmann/cel-js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operandsOf } from '../../../src/proof/guard/looks.ts';
import { writtenOf } from '../../../src/proof/guard/written.ts';
import { runs } from '../../support/run-compile.ts';

/** Expressions with brackets wherever they may stand, in texts and comments too. */
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  const texts = [
    `'a)'`,
    `"(b"`,
    `r'\\('`,
    `'\\'('`,
    `"\\"("`,
    `"""c"(\n\\""" """`,
    `r'''d')\\\n\\''' '''`,
    `b'('`,
    `r"""e"(\\\n"""`,
  ];
  return {
    expression: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('object', 'request', '1', ...texts),
      inner.map((one) => `(${one})`),
      inner.map((one) => `( ${one} // ) "(\n)`),
      inner.map((one) => `!(${one})`),
      inner.map((one) => `-(${one})`),
      inner.map((one) => `(${one}).a`),
      inner.map((one) => `[${one}, (${one})]`),
      inner.map((one) => `(${one}).exists(x, (${one}))`),
      fc
        .tuple(inner, fc.constantFrom('+', '-', '&&', '||', '==', '<', 'in'), inner)
        .map(([one, op, other]) => `(${one}) ${op} (${other})`),
      fc.tuple(inner, inner, inner).map(([one, other, last]) => `((${one}) ? (${other}) : (${last}))`),
    ),
  };
});

const nodesIn = (node: ASTNode): ASTNode[] => [node, ...operandsOf(node).flatMap(nodesIn)];

describe('what is written of a part of an expression', () => {
  it('is that part, however many brackets stand around it', () => {
    fc.assert(
      fc.property(expression, (text) => {
        for (const node of nodesIn(parse(text).ast))
          expect(serialize(parse(writtenOf(node)).ast)).toBe(serialize(node));
      }),
      runs(2000),
    );
  });

  it('is as it stands there', () => {
    const [first, second] = operandsOf(parse("((a  ||(f(b)) == e)) && ( c ==('d)') )").ast);
    expect([first, second].map((one) => one && writtenOf(one))).toEqual(['a  ||(f(b)) == e', "c ==('d)')"]);
  });
});
