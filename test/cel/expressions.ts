import type { Dice } from '../support/dice.ts';

/** Writes expressions of CEL by chance, that a policy could hold. */
export class Expressions {
  /** What macros call the items of their lists, from the outermost on. */
  private readonly items: string[] = [];

  constructor(private readonly dice: Dice) {}

  /** Something that is an expression or nearly so: what stands where is left to chance. */
  anything(depth: number): string {
    const inner = () => this.anything(depth - 1);
    if (depth === 0) return this.pick([...words, ...words, ...texts, ...numbers]);
    const of = this.pick(forms);
    return of.replaceAll('_', () => inner()).replaceAll('~', () => this.pick(spaces));
  }

  /** One that comes to true or false, if it comes to anything. */
  truth(depth: number): string {
    if (depth === 0)
      return this.pick(['true', 'false', ...Array(4).fill(`${this.place()} == ${this.aText()}`)]);
    const [truth, text] = [() => this.truth(depth - 1), () => this.text(depth - 1)];
    return this.oneOf(
      () => `${truth()} && ${truth()}`,
      () => `${truth()} || ${truth()}`,
      () => `!(${truth()})`,
      () => `(${truth()} ? ${truth()} : ${truth()})`,
      () => `(${text()} ${this.pick(['==', '!='])} ${text()})`,
      () => `(${this.something(depth - 1)} == ${this.pick(['null', 'true', "''", '{}', '[]', '1'])})`,
      () => `(${this.something(depth - 1)} in ${this.place()})`,
      () => `(${text()} in [${this.aText()}, ${this.aText()}])`,
      () => `${text()}.${this.pick(['startsWith', 'endsWith', 'contains'])}(${text()})`,
      () => `has(object.${this.field()}${this.pick(['', `.${this.field()}`])})`,
      () => `(size(${this.place()}) ${this.pick(['<', '<=', '>', '>='])} ${this.pick(['0', '1', '2'])})`,
      () => this.macro(this.pick(['all', 'exists', 'exists_one']), depth),
      () => `(${this.macro('filter', depth)} == ${this.pick(['[]', this.place()])})`,
      () => `(${this.aText()} in ${this.macro('map', depth)})`,
    );
  }

  /** An object as they have it that are judged, with values where they are rarely. */
  object(): Readonly<Record<string, unknown>> {
    const all = fields.map((field) => [field, this.pick<unknown>([...values])] as const);
    return Object.fromEntries(all.filter(() => this.dice.roll(5) > 0));
  }

  private text(depth: number): string {
    if (depth <= 0) return this.pick([this.aText(), this.place()]);
    return this.oneOf(
      () => this.place(),
      () => this.aText(),
      () => `(${this.aText()} + ${this.text(depth - 1)})`,
      () => `(${this.truth(depth - 1)} ? ${this.text(depth - 1)} : ${this.aText()})`,
      () => `${this.place()}.join(${this.pick(["','", ''])})`,
      () => `string(${this.place()})`,
    );
  }

  private something(depth: number): string {
    return this.oneOf(
      () => this.text(depth),
      () => this.place(),
      () => `[${this.aText()}]`,
      () => this.pick(['1', 'true', 'null', '{}', '[]']),
    );
  }

  private macro(name: string, depth: number): string {
    const of = this.pick([this.place(), "['a', 'b']"]);
    const item = `item${this.items.length}`;
    this.items.push(item);
    const body = this.truth(depth - 1);
    this.items.pop();
    return `${of}.${name}(${item}, ${name === 'map' ? `${item} == ${this.aText()} ? 'a' : 'b'` : body})`;
  }

  /** Somewhere in an object, or in an item of a list. */
  private place(): string {
    const of = this.pick(['object', 'object', 'oldObject', ...this.items]);
    const steps = Array.from({ length: this.dice.roll(2) + (of.includes('bject') ? 1 : 0) }, () =>
      this.pick([`.${this.field()}`, `.${this.field()}`, `.?${this.field()}`, `['${this.field()}']`]),
    );
    const isOptional = steps.some((step) => step.startsWith('.?'));
    return `${of}${steps.join('')}${isOptional ? `.orValue(${this.pick(["''", 'dyn({})', 'dyn([])'])})` : ''}`;
  }

  private field(): string {
    return this.pick(fields);
  }

  private aText(): string {
    return this.pick(["'a'", "'b'", "'ab'", "''", "'x'", "'a' + 'b'"]);
  }

  private pick<Item>(items: readonly Item[]): Item {
    return this.dice.pick(items);
  }

  private oneOf(...ways: readonly (() => string)[]): string {
    return this.pick(ways)();
  }
}

const fields = ['a', 'b', 'm', 'l', 'n'];

const values = [
  ...['a', 'b', 'ab', '', 'x', 0, 1, 2, true, false, null],
  ...[{}, { a: 'a' }, { a: 'b', b: 'x' }, { 1: 'a', true: 'b' }, { m: { a: 'a' } }],
  ...[[], ['a'], ['a', 'b'], ['x', 'x'], [{ a: 'a' }, { b: 'b' }], [['a']]],
];

const words =
  'object request variables object.a object.?a a true false null in as for let loop namespace _a object.in object.namespace dyn'.split(
    ' ',
  );

const texts = [
  ...[`'a'`, `"b"`, `''`, `''''''`, `'//'`, `'('`, `b'a'`, `'é'`, `'😀'`],
  ...[
    `'a\\'b'`,
    `"\\""`,
    `'\\n'`,
    `'\\x41'`,
    `'\\u0041'`,
    `'\\U00000041'`,
    `'\\101'`,
    `'\\?'`,
    `'\\a\\b\\f\\v\\t\\r'`,
  ],
  ...[`r'a'`, `r'\\'`, `R"\\n"`, `r'\\'`, `r"""\\"""`, `'''a'b'''`, `"""a"b\n"""`, `'''\\''' '''`],
  ...[`'\\ud83d'`, `'\\q'`, `'\\0'`, `'\\x4'`, '`a`', `'\t'`, `'a\r'`],
];

const numbers =
  '1 0 1u 1U 1.5 0x1F 0X1F 0xfu 1e3 1. .5 -1 007 9223372036854775807 9223372036854775808 1e400'.split(' ');

const spaces = [
  ...Array(12).fill(' '),
  '',
  '\n',
  '\t',
  '\f',
  '\r\n',
  '\u00a0',
  ' // )\n',
  '//"\n',
  '/**/',
  '\ufeff',
];

/** What stands for an expression inside another: an underscore; and for what stands between words: a tilde. */
const forms = [
  ...'&& || == != < <= > >= in + - * / %'.split(' ').map((operator) => `_~${operator}~_`),
  ...'&& || == in +'.split(' ').map((operator) => `_ ${operator} _`),
  ...[
    '(_)',
    '(_)',
    '(~_~)',
    '!object.a',
    '!(_)',
    '-_',
    '_~?~_~:~_',
    '_ ? _ : _',
    '(_ || _) && _',
    '_ && (_ || _)',
  ],
  ...[
    '_.a',
    '_.size()',
    '_.?a',
    '_.?a.b',
    '_.in',
    '_.if',
    '_.startsWith(_)',
    '_[_]',
    '_[?_]',
    'has(_)',
    'size(_)',
  ],
  ...[
    '[_, _]',
    '[_,]',
    '{_: _}',
    '[]',
    '{}',
    '[?_]',
    'A{a: _}',
    '_.exists(x, _)',
    '_.all(x, _)',
    '_.map(a, _)',
  ],
  ...['_.filter(x.y, _)', '_.map(x, _, _)', '(_', '_)', '_ _', '_;', '_, _', '_ & _', '_ = _'],
];
