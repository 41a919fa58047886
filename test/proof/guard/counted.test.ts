import { expect, it } from 'vitest';
import { compile } from '../../../src/proof/guard/cel.ts';

/** What counts, and the paths of what is counted; an empty one stands for what is not in the request. */
it.each([
  ['object.spec', []],
  ['size(object.spec)', ['object.spec']],
  ['object.spec.size()', ['object.spec']],
  ['object.spec.size() == 1', ['object.spec']],
  ['1 == object.spec.size()', ['object.spec']],
  ['object.spec.size() + 1 > 0', ['object.spec']],
  ['object.spec.size() - 1 == 0', ['object.spec']],
  ['-object.spec.size() == 0', ['object.spec']],
  ['object.spec.size() == object.size()', ['object.spec', 'object']],
  ['object.spec.size() + object.size() == 2', ['object.spec', 'object']],
  ['object.spec.size() == 0 && object.size() == 1', ['object']],
  ['[object.spec.size()] == [0]', ['object.spec']],
  ['object.spec.size() == 0.0', []],
  ...['==', '!=', '<', '<=', '>', '>='].flatMap((op): [string, string[]][] => [
    [`object.spec.size() ${op} 0`, []],
    [`0 ${op} size(object.spec)`, []],
    [`object.spec.size() + object.size() ${op} 0`, []],
    [`0 + object.spec.size() ${op} 0`, []],
    [`object.spec.size() ${op} 2`, ['object.spec']],
  ]),
  ['object.items.filter(one, one.a).size() > 0', []],
  ['object.items.filter(one, one.a.size() == 3).size() > 0', ['']],
  ['object.items.filter(one, one.a.size() == 0).size() > 0', []],
  ['object.items.filter(one, one.a.size() == 3).size() == 2', ['object.items', '']],
  ['size("text") == 4', ['']],
  ['[object.a, object.b].size() == 2', ['object.a', 'object.b']],
  ['object.a.orValue(object.b).size() == 2', ['object.a', 'object.b']],
  ['object.spec.startsWith("size")', []],
  ['object.size == 1', []],
] satisfies [string, string[]][])('%s counts %j', (text, paths) => {
  expect(compile(text).counted.map((path) => path.join('.'))).toEqual(paths);
});
