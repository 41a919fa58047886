import { createHash } from 'node:crypto';

/** What a template sees: `.a.b` looks up `b` in `a`. */
export type Parameters = { readonly [key: string]: string | Parameters };

type Value = string | number | boolean | Parameters;

/**
 * The part of Go's text/template and of sprig that the templates here use: fields, variables, pipelines, if and else.
 * As with `missingkey=error`, a field that is not there is an error, and so is a function that is not known here.
 */
export function render(template: string, parameters: Parameters): string {
  const variables = new Map<string, Value>();
  // One entry for each `if` that is open: whether its branch is taken.
  const branches: boolean[] = [];
  const output: string[] = [];
  for (const [index, part] of template.split(/\{\{|\}\}/).entries()) {
    const action = part.trim();
    const isTaken = branches.every(Boolean);
    if (index % 2 === 0) output.push(isTaken ? part : '');
    else if (action === 'end') branches.pop();
    else if (action === 'else') branches.push(!branches.pop());
    else if (action.startsWith('if '))
      branches.push(isTaken && evaluate(action.slice(3), parameters, variables) === true);
    else if (isTaken) output.push(text(act(action, parameters, variables)));
  }
  if (branches.length > 0) throw new Error(`an if without its end: ${template}`);
  return output.join('');
}

function act(action: string, parameters: Parameters, variables: Map<string, Value>): Value {
  const [, name, pipeline] = /^\$(\w+) := (.*)$/.exec(action) ?? [];
  if (name === undefined || pipeline === undefined) return evaluate(action, parameters, variables);
  variables.set(name, evaluate(pipeline, parameters, variables));
  return '';
}

/** A pipeline: the result of each command is the last argument of the next one. */
function evaluate(pipeline: string, parameters: Parameters, variables: ReadonlyMap<string, Value>): Value {
  const inner = pipeline.replace(/\(([^()]*)\)/g, (_, nested: string) =>
    JSON.stringify(evaluate(nested, parameters, variables)),
  );
  let result: Value[] = [];
  for (const command of inner.split(' | ')) {
    const [head = '', ...rest] = command.match(/"[^"]*"|\S+/g) ?? [];
    const isFunction = Object.hasOwn(functions, head);
    const values = (isFunction ? rest : [head]).map((word) => operand(word, parameters, variables));
    const apply = functions[head];
    result = [apply === undefined ? one(values, command) : apply(...values, ...result)];
  }
  return one(result, pipeline);
}

function one(values: readonly Value[], from: string): Value {
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error(`not a single value: ${from}`);
  return value;
}

function operand(word: string, parameters: Parameters, variables: ReadonlyMap<string, Value>): Value {
  if (/^"|^\d+$/.test(word)) return JSON.parse(word) as Value;
  if (word.startsWith('$'))
    return one([...(variables.has(word.slice(1)) ? [variables.get(word.slice(1)) as Value] : [])], word);
  let value: Value = parameters;
  for (const key of word.slice(1).split('.')) {
    if (typeof value !== 'object' || !Object.hasOwn(value, key)) throw new Error(`no entry for ${word}`);
    value = value[key] as Value;
  }
  return value;
}

const functions: Readonly<Record<string, (...values: Value[]) => Value>> = {
  trimSuffix: (suffix, value) =>
    text(value).endsWith(text(suffix)) ? text(value).slice(0, -text(suffix).length) : text(value),
  trunc: (length, value) => text(value).slice(0, Number(length)),
  trimAll: (characters, value) =>
    text(value).replace(new RegExp(`^[${characters}]+|[${characters}]+$`, 'g'), ''),
  sha256sum: (value) => createHash('sha256').update(text(value)).digest('hex'),
  len: (value) => text(value).length,
  gt: (a, b) => Number(a) > Number(b),
};

function text(value: Value | undefined): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`not a text: ${String(value)}`);
  return String(value);
}
