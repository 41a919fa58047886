import { expect, it } from 'vitest';
import { Reading } from '../../src/proof/files/model.ts';
import { locate, objectsIn } from '../../src/proof/files/tenants.ts';

const path = 'clusters/prod/services/payments.yaml';

it.each([['a key in base64', '---\na: b\n? !!binary Yw==\n: d\n', '3:16-3:17']])(
  '%s is told where readers stumble over it',
  (_, text, at) => {
    const reading = new Reading();
    expect(objectsIn({ path, text }, reading)).toBeUndefined();
    const told = reading.findings.map(({ rule, severity, message, allowed, location }) => {
      const { start, end } = location ?? locate({ path, text }, { document: 9, path: [] });
      expect([location?.file, message]).toEqual([path, expect.stringMatching(/unknown tag/)]);
      return [rule, severity, allowed, `${start.line}:${start.column}-${end.line}:${end.column}`];
    });
    expect(told).toEqual([['yaml-syntax', 'error', 'well-formed YAML', at]]);
  },
);

it('a place is that of a key, of a whole document, or the first character of the file', () => {
  const source = { path, text: '---\n---\na:\n  b: c\n---\nd: e\n' };
  const at = (document: number, ...keys: string[]) => {
    const { file, start, end } = locate(source, { document, path: keys });
    return `${file === path} ${start.line}:${start.column}-${end.line}:${end.column}`;
  };
  expect([at(0, 'a', 'b'), at(0, 'a'), at(1), at(2), at(2, 'x')]).toEqual([
    'true 4:3-4:4',
    'true 3:1-3:2',
    'true 6:1-7:1',
    'true 1:1-1:2',
    'true 1:1-1:2',
  ]);
});
