import { expect, it } from 'vitest';
import { compile, forgetExpressions } from '../../../src/proof/guard/cel.ts';
import { typeOf } from '../../../src/proof/guard/types.ts';

it('expressions are forgotten when there are too many of them, and no earlier', () => {
  const first = compile('object.a');
  forgetExpressions();
  expect(compile('object.a')).toBe(first);
  for (let index = 0; index < 5_000; index++) compile(`object.a == ${index}`);
  forgetExpressions();
  expect(compile('object.a')).not.toBe(first);
});

it('types are forgotten by and by', () => {
  const first = typeOf('object.a', {});
  expect(typeOf('object.a', {})).toBe(first);
  for (let index = 0; index < 2_000; index++) typeOf(`object.a == ${index}`, {});
  expect(typeOf('object.a', {})).not.toBe(first);
});
