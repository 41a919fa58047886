import { type Compiled, compile } from './cel.ts';
import type { AdmissionPolicy, Expression as Place } from './model.ts';
import type { Expression, Expressions, Untried } from './scope.ts';

/**
 * What could by itself make a validation hold, or a condition fail, and has done so for no request that was evaluated: what
 * that lets pass, nobody has seen. Each operand of an `||` is such a thing, and of an `&&` where that must not be true. Nothing
 * is said of a policy of which no forgery has met a validation.
 *
 * @param expressions those of the policy, with which requests were evaluated
 */
export function untriedIn({ conditions, validations }: AdmissionPolicy, expressions: Expressions): Untried[] {
  if (expressions.validations.every(({ values }) => values.size === 0)) return [];
  const of = new Behind(expressions);
  const from = ({ text }: Place) => expressions.of(compile(text));
  const found = [
    ...conditions.map((one) => [one, of.joined(from(one), false)] as const),
    ...validations.map((one) => [one, of.untried(from(one), true)] as const),
  ].flatMap(([{ path }, some]) => some.map(({ compiled: { text } }) => ({ text, path })));
  const all = [...found, ...expressions.unasked].map(({ text, path }) => ({
    text: text.replace(/\s+/g, ' '),
    path,
  }));
  return [...new Map(all.toReversed().map((one) => [one.text, one])).values()].toReversed();
}

/** Looks behind expressions, and the variables in them, once each. */
class Behind {
  private readonly seen = new Set<string>();

  constructor(private readonly expressions: Expressions) {}

  /** What is enough to make an expression true or false, however deep in it, and has never done so. */
  untried(expression: Expression, value: boolean): Expression[] {
    const { compiled, operands, index } = expression;
    const key = `${index} ${value}`;
    if (this.seen.has(key)) return [];
    this.seen.add(key);
    const [first, ...others] = operands;
    if (first === undefined) return this.inVariables(expression, value);
    if (compiled.logic === '!') return this.untried(first, !value);
    if (compiled.logic === '?:')
      return [...this.either(first), ...others.flatMap((one) => this.orItself(one, value))];
    const isEnough = (compiled.logic === '||') === value;
    return operands.flatMap((one) => (isEnough ? this.orItself(one, value) : this.untried(one, value)));
  }

  /** The same, or an expression that joins others, if it has never been that. Of one that joins nothing forgeries are made. */
  joined(expression: Expression, value: boolean): Expression[] {
    return joinsOthers(expression) ? this.orItself(expression, value) : this.untried(expression, value);
  }

  /** The same, or the expression itself if it has never been that. */
  orItself(expression: Expression, value: boolean): Expression[] {
    const { compiled, values } = expression;
    if (!values.has(value) && !isNever(compiled, value)) return [expression];
    return this.untried(expression, value);
  }

  private either(expression: Expression): Expression[] {
    return [...this.untried(expression, true), ...this.untried(expression, false)];
  }

  /** What is nothing but a variable comes to what the variable does. */
  private inVariables({ compiled: { ast }, looks }: Expression, value: boolean): Expression[] {
    const isVariable = ast?.op === '.' && looks.length === 1;
    return looks.flatMap(({ variable }) => {
      if (variable === undefined) return [];
      const behind = this.expressions.of(variable.compiled);
      return isVariable ? this.untried(behind, value) : this.either(behind);
    });
  }
}

function joinsOthers({ compiled: { logic }, operands: [first] }: Expression): boolean {
  return logic === '!' && first !== undefined ? joinsOthers(first) : logic !== undefined;
}

/** Whether something can never be that: it is written down as the other, or looks among nothing. */
function isNever({ ast }: Compiled, value: boolean): boolean {
  if (ast?.op === 'value') return ast.args !== value;
  const among = ast?.op === 'in' ? ast.args[1] : undefined;
  return value && among?.op === 'list' && among.args.length === 0;
}
