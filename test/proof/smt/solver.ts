import { init, killThreads, Z3_error_code, Z3_lbool } from 'z3-solver';
import type { Declarations } from './question.ts';
import { type Term, textOfLiteral } from './terms.ts';

/** What the solver found: a value for every constant by its name, or that there are none that fit. */
export type Answer = { readonly model: Model } | { readonly model?: undefined };

/** Texts and truth values of a model, by the constant's name. */
export interface Model {
  text(name: string): string;
  truth(name: string): boolean;
  /** The text of a key that may be absent (constants `name` and `has name`), or null; so too when nobody asked for it. */
  optional(name: string): string | null;
}

/** A formula with the constants that it speaks of. */
export interface Problem {
  readonly declarations: Declarations;
  readonly formula: Term;
}

/** Z3 with its theory of strings. One context serves all problems. */
export interface Solver {
  /** Whether each of the problems has a solution, in their order. Fails when Z3 cannot tell within some seconds. */
  solve(problems: readonly Problem[]): Promise<Answer[]>;
  /** Ends Z3's threads, which otherwise keep the process alive. */
  close(): Promise<void>;
}

/** What one problem may cost, as Z3 counts its steps: unlike a time limit, this is the same on every machine. */
const stepLimit = 3_000_000;

export async function startSolver(): Promise<Solver> {
  const { Z3, em } = await init();
  const context = Z3.mk_context(Z3.mk_config());
  const limit = Z3.mk_params(context);
  Z3.params_inc_ref(context, limit);
  Z3.params_set_uint(context, limit, Z3.mk_string_symbol(context, 'rlimit'), stepLimit);
  const solveOne = async ({ declarations, formula }: Problem): Promise<Answer> => {
    const script = `${declarations.text()}\n(assert ${formula})`;
    // One that has been pushed would leave out what makes string problems small, and take a hundred times as long.
    const solver = Z3.mk_solver(context);
    Z3.solver_inc_ref(context, solver);
    try {
      Z3.solver_set_params(context, solver, limit);
      const formulas = Z3.parse_smtlib2_string(context, script, [], [], [], []);
      if (Z3.get_error_code(context) !== Z3_error_code.Z3_OK) throw new Error(`Z3 cannot read ${script}`);
      for (let index = 0; index < Z3.ast_vector_size(context, formulas); index += 1) {
        Z3.solver_assert(context, solver, Z3.ast_vector_get(context, formulas, index));
      }
      const verdict = await Z3.solver_check(context, solver);
      if (verdict === Z3_lbool.Z3_L_FALSE) return {};
      if (verdict === Z3_lbool.Z3_L_TRUE) {
        return { model: modelOf(Z3.model_to_string(context, Z3.solver_get_model(context, solver))) };
      }
      throw new Error(`Z3 cannot tell (${Z3.solver_get_reason_unknown(context, solver)}): ${script}`);
    } finally {
      Z3.solver_dec_ref(context, solver);
    }
  };
  return {
    async solve(problems) {
      const answers: Answer[] = [];
      for (const problem of problems) answers.push(await solveOne(problem));
      return answers;
    },
    async close() {
      await killThreads(em);
    },
  };
}

/** Reads lines such as `|has owner| -> true`. Z3 leaves out what may be anything; that is then empty or false. */
function modelOf(answer: string): Model {
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of answer.matchAll(/^\|?(.+?)\|? -> ("(?:[^"]|"")*"|true|false)$/gm)) {
    values.set(name, value);
  }
  const text = (name: string) => textOfLiteral(values.get(name) ?? '""');
  const truth = (name: string) => values.get(name) === 'true';
  return { text, truth, optional: (name) => (truth(`has ${name}`) ? text(name) : null) };
}
