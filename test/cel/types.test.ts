import { expect, it } from 'vitest';
import { compile } from '../../src/proof/guard/cel.ts';
import { typeOf } from '../../src/proof/guard/types.ts';
import { Dice } from '../support/dice.ts';
import { askGo } from '../support/go-program.ts';
import { Expressions } from './expressions.ts';

/** Whether the API server takes each as a validation, and whether it takes it as a message. */
function takenByServer(expressions: readonly string[]): boolean[][] {
  const policies = expressions.flatMap((one) => [
    { variables, validations: [{ expression: one }] },
    { variables, validations: [{ expression: 'true', messageExpression: one }] },
  ]);
  const answers = askGo<{ readonly refused?: string }>(
    'cel',
    policies.map((policy) => ({ policy, request })),
  );
  const taken = answers.map(({ refused }) => refused === undefined);
  return expressions.map((_, index) => taken.slice(2 * index, 2 * index + 2));
}

const variables = [
  { name: 'map', expression: "{'a': 'b'}" },
  { name: 'any', expression: 'object.a' },
];
const request = {
  operation: 'CREATE',
  resource: { Group: 'a', Version: 'v1', Resource: 'as' },
  object: { apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' } },
};

/** The same of the proof. */
function taken(expression: string): boolean[] {
  const typed = typeOf(expression, { map: 'map<string, string>', any: 'dyn' });
  return ['bool', 'string'].map((type) => 'type' in typed && typed.type === type);
}

const written = [
  ...['object.a', 'dyn(true)', "dyn('a')", 'object.a + object.b', "object.a + 'b'", 'variables.any'],
  ...[
    "object.?a.orValue('b')",
    'object.?a.orValue(true)',
    "object.?a.orValue('b') == 1",
    'object.?a.hasValue()',
  ],
  ...["object.?a.b.orValue('c')", "object.?a.b.orValue('c') == 1", "object.?a.orValue({}) == 'b'"],
  ...["object.a.orValue('b')", "object.a.orValue('b') == 1", "object.a.orValue('b') == 'c'"],
  ...[
    "object.?a[?'b'].orValue('c')",
    "object.?a[?'b'].orValue('c') == 1",
    "object.a[?0].orValue('b') == 'c'",
  ],
  ...["object.?a[?'b'].?c.orValue('d')", "object.?a[?'b'].?c.orValue('d') == 1"],
  ...["variables.map.?a.orValue('b')", "variables.map[?'a'].orValue('b')", 'variables.map.?a.orValue(1)'],
  ...["namespaceObject.metadata.?labels[?'a'].orValue('b')", 'namespaceObject.metadata.?labels.orValue([])'],
  ...["namespaceObject.?metadata.?labels.?a.orValue('b') == 1", "request.?name.orValue('') == ''"],
  ...["object.a == 'b' ? 'c' : object.d", "object.a == 'b' ? 'c' : 'd'", "object.a == 'b' ? true : object.c"],
  ...[
    'namespaceObject == null',
    'request.userInfo != null',
    'namespaceObject.metadata.creationTimestamp == null',
  ],
  ...['request.name == null', 'variables.map == null', 'object == null', 'request.userInfo.groups == null'],
];
it('what is written so has the type that the API server finds', () => {
  const theirs = takenByServer(written);
  const both = written.map((text) => [text, ...taken(text)]);
  expect(both).toEqual(written.map((text, index) => [text, ...(theirs[index] ?? [])]));
});

it('what is judged as true or false is that to the API server', () => {
  const expressions = new Expressions(new Dice(3));
  const all = Array.from({ length: 600 }, (_, index) => expressions.truth(1 + (index % 4)));
  const judged = all.filter((text) => compile(text).problem === undefined && taken(text)[0]);
  const theirs = takenByServer(judged);
  expect(judged.filter((_, index) => theirs[index]?.[0] !== true)).toEqual([]);
  expect(judged.length).toBeGreaterThan(200);
});
