import type { Mapping } from '../files/store.ts';
import { askedInside } from './asked-inside.ts';
import { type Compiled, compile, type Outcome, outcomeOf } from './cel.ts';
import type { Look } from './looks.ts';
import type { AdmissionPolicy } from './model.ts';

/** One of an expression's values after the other leads to what it came to with them. */
class Step {
  outcome?: Outcome;
  private steps?: Map<unknown, Step>;

  next(value: unknown): Step {
    this.steps ??= new Map();
    const known = this.steps.get(value);
    if (known !== undefined) return known;
    const step = new Step();
    this.steps.set(value, step);
    return step;
  }
}

/** A variable of a policy. */
interface Variable {
  readonly name: string;
  readonly index: number;
  readonly compiled: Compiled;
}

/** Something by which a policy could let a request pass. */
export interface Untried {
  readonly text: string;
  /** Where the expression of the policy is in which it stands. */
  readonly path: readonly (string | number)[];
}

/** An expression in its policy. */
export interface Expression {
  /** Which of its policy's. */
  readonly index: number;
  readonly compiled: Compiled;
  readonly operands: readonly Expression[];
  readonly looks: readonly (Look & { readonly variable?: Variable | undefined })[];
  readonly first: Step;
  /**
   * Whether it has been true, and whether it has been false: of a forgery, or of what must be let through so that this alone
   * decided.
   */
  readonly values: Set<boolean>;
}

/**
 * The expressions of one policy. Each is evaluated once for the same values of all that it looks at: it can come to
 * nothing else. Objects in requests must not change meanwhile.
 */
export class Expressions {
  readonly conditions: readonly Expression[];
  readonly validations: readonly Expression[];
  /** What is asked inside of expressions and has never been so yet. */
  unasked: readonly (Untried & { readonly expression: Expression })[];
  /** Of two with the same name the later one. */
  private readonly variables: ReadonlyMap<string, Variable>;
  private readonly known = new Map<Compiled, Expression>();

  constructor({ conditions, variables, validations }: AdmissionPolicy) {
    this.variables = new Map(
      variables.map(({ name, text }, index) => [name, { name, index, compiled: compile(text) }]),
    );
    this.conditions = conditions.map(({ text }) => this.of(compile(text)));
    this.validations = validations.map(({ text }) => this.of(compile(text)));
    this.unasked = [...conditions, ...variables, ...validations].flatMap(({ text: whole, path }) => {
      const { ast } = compile(whole);
      const asked = ast === undefined ? [] : askedInside(ast);
      return asked.map(({ text, ofOne }) => ({ text, path, expression: this.of(ofOne) }));
    });
  }

  /** Asks of a request what is asked inside of expressions, as long as the answer has never been yes. */
  ask(scope: Scope): void {
    const isAsked = ({ expression }: { readonly expression: Expression }) => {
      const outcome = scope.outcomeOf(expression);
      return 'value' in outcome && outcome.value === true;
    };
    this.unasked = this.unasked.filter((one) => !isAsked(one));
  }

  of(compiled: Compiled): Expression {
    const known = this.known.get(compiled);
    if (known !== undefined) return known;
    const operands = compiled.operands.map((operand) => this.of(operand));
    const expression = {
      index: this.known.size,
      compiled,
      operands,
      looks: compiled.looks.map((look) => ({
        ...look,
        variable: look.path[0] === 'variables' ? this.variables.get(look.path[1] ?? '') : undefined,
      })),
      first: new Step(),
      values: new Set<boolean>(),
    };
    this.known.set(compiled, expression);
    return expression;
  }

  /**
   * @param given what a request is to expressions, by the names that they have for it
   * @param isForged whether it is one that must be refused
   */
  scopeOf(given: Mapping, isForged: boolean): Scope {
    return new Scope(this, this.variables, given, isForged);
  }
}

/** What the expressions of one policy see of one request. */
export class Scope {
  private readonly outcomes: Outcome[] = [];
  private readonly found: Outcome[] = [];
  private readonly values = new Map<string, unknown>();
  private context?: Mapping;

  constructor(
    private readonly expressions: Expressions,
    private readonly variables: ReadonlyMap<string, Variable>,
    private readonly given: Mapping,
    private readonly isForged: boolean,
  ) {}

  /** Evaluates an expression, unless it has been with the same values. */
  outcomeOf(expression: Expression): Outcome {
    const { index } = expression;
    const known = this.outcomes[index];
    if (known !== undefined) return known;
    const outcome = this.byOperands(expression) ?? this.asWhole(expression);
    this.outcomes[index] = outcome;
    if (this.isForged && 'value' in outcome && typeof outcome.value === 'boolean')
      expression.values.add(outcome.value);
    return outcome;
  }

  /** Undefined where an operand is neither true nor false: what that means the evaluator knows. */
  private byOperands({ compiled: { logic }, operands }: Expression): Outcome | undefined {
    const [first, then, otherwise] = operands;
    if (first === undefined) return undefined;
    if (logic === '&&' || logic === '||') return this.joined(operands, logic === '||');
    const value = this.truthOf(first);
    if (value === undefined) return undefined;
    if (logic === '!') return { value: !value };
    const chosen = value ? then : otherwise;
    return chosen && this.outcomeOf(chosen);
  }

  private joined(operands: readonly Expression[], isOr: boolean): Outcome | undefined {
    for (const operand of operands) {
      const value = this.truthOf(operand);
      if (value === isOr) {
        if (!this.isForged) this.noteIfAlone(operands, value);
        return { value };
      }
      if (value === undefined) return undefined;
    }
    return { value: !isOr };
  }

  private noteIfAlone(operands: readonly Expression[], value: boolean): void {
    const deciding = operands.filter((one) => this.truthOf(one) === value);
    if (deciding.length === 1) deciding[0]?.values.add(value);
  }

  private truthOf(expression: Expression): boolean | undefined {
    const outcome = this.outcomeOf(expression);
    return 'value' in outcome && typeof outcome.value === 'boolean' ? outcome.value : undefined;
  }

  private asWhole({ compiled, looks, first }: Expression): Outcome {
    let step = first;
    for (const look of looks) {
      const next = this.stepTo(look, step);
      if (next === undefined) return outcomeOf(compiled, this.lazy());
      step = next;
    }
    step.outcome ??= outcomeOf(compiled, this.usual());
    return step.outcome;
  }

  /** Undefined where a variable has no value: whether that matters depends on whether the variable is used. */
  private stepTo(look: Expression['looks'][number], step: Step): Step | undefined {
    const [root = ''] = look.path;
    if (root !== 'variables') return follow(this.given[root], look, 1, step);
    if (look.variable === undefined) return undefined;
    const outcome = this.variable(look.variable);
    return 'value' in outcome ? follow(outcome.value, look, 2, step) : undefined;
  }

  private variable({ index, name, compiled }: Variable): Outcome {
    const known = this.found[index];
    if (known !== undefined) return known;
    this.found[index] = { problem: `the variable "${name}" looks at itself` };
    const outcome = this.outcomeOf(this.expressions.of(compiled));
    this.found[index] = outcome;
    if ('value' in outcome) this.values.set(name, outcome.value);
    return outcome;
  }

  /** What an expression sees all of whose variables were evaluated. */
  private usual(): Mapping {
    // What is spread comes last: V8 takes many times as long to add a field to what was spread.
    this.context ??= { variables: this.values, ...this.given };
    return this.context;
  }

  /** The same with variables that are evaluated when they are used. Source: Kubernetes, "Validating Admission Policy". */
  private lazy(): Mapping {
    const variables = {};
    for (const variable of this.variables.values())
      Object.defineProperty(variables, variable.name, {
        get: () => this.valueOrThrow(variable),
        enumerable: true,
      });
    return { variables, ...this.given };
  }

  private valueOrThrow(variable: Variable): unknown {
    const outcome = this.variable(variable);
    if ('value' in outcome) return outcome.value;
    throw new Error(outcome.problem);
  }
}

/** Stand for where a path ends: at something that is no mapping, where the next field is not, or at something. */
const [end, absent, present] = [Symbol('end'), Symbol('absent'), Symbol('present')];

/** Goes the rest of a path into a value, as far as it leads. */
function follow(from: unknown, { path, at }: Look, start: number, step: Step): Step {
  let value = from;
  for (let index = start; index < path.length; index++) {
    const isLast = index === path.length - 1;
    if (!isMapping(value) || (isLast && at === 'presence' && !hasType(value)))
      return step.next(end).next(index).next(value);
    const field = path[index] ?? '';
    // All mappings without the field are alike.
    if (!Object.hasOwn(value, field)) return step.next(absent).next(index);
    value = value[field];
  }
  if (at === 'presence' && hasType(value)) return step.next(present);
  return at === 'keys' && isMapping(value) ? throughKeys(value, step) : step.next(value);
}

/** Whether the evaluator knows a type for a value. It looks at the first of what is inside, and fails if there is none. */
function hasType(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.length === 0 || hasType(value[0]);
  if (!isMapping(value)) return false;
  for (const key in value) return hasType(value[key]);
  return true;
}

/** What CEL takes for a mapping. */
function isMapping(value: unknown): value is Mapping {
  if (typeof value !== 'object' || value === null) return false;
  return value.constructor === undefined || value.constructor === Object;
}

/** More keys take longer to go through than it takes to evaluate an expression. */
const fewKeys = 12;

function throughKeys(value: Mapping, step: Step): Step {
  const keys = Object.keys(value);
  if (keys.length > fewKeys) return step.next(value);
  let last = step.next(present);
  for (const key of keys) last = last.next(key);
  return last.next(end);
}
