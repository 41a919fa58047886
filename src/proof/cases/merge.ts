/** What one part of a case, such as one tag, contributes to a decision. */
export interface Part<Value> {
  readonly value: Value;
  /** For each statement whether its conditions on this part hold; undefined when AWS does not document it. */
  readonly answers: readonly (boolean | undefined)[];
  /** What else a decision or the question can depend on, of whatever part it comes. */
  readonly facts: readonly string[];
}

/** Several parts together, one of each list. */
export interface Combined<Value> {
  readonly value: readonly Value[];
  readonly answers: readonly (boolean | undefined)[];
  readonly facts: readonly string[];
}

/** Whether all conditions hold: one that does not decides, then one that is not documented. */
export function allHold(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/**
 * The combinations of one part from each list, where of those that no decision can tell apart the first one is kept:
 * those in which the same statements apply and the same facts occur. Merging after each list keeps their number small
 * however many lists there are.
 *
 * @param isPossible combinations that cannot occur are left out; what is added to one does not make it possible
 */
export function mergedCombinations<Value>(
  lists: readonly (readonly Part<Value>[])[],
  isPossible: (value: readonly Value[]) => boolean = () => true,
): readonly Combined<Value>[] {
  let combined: readonly Combined<Value>[] = [{ value: [], answers: [], facts: [] }];
  for (const list of lists) {
    const merged = new Map<string, Combined<Value>>();
    for (const before of combined) {
      for (const part of list) {
        const one = join(before, part);
        const key = keyOf(one);
        if (!merged.has(key) && isPossible(one.value)) merged.set(key, one);
      }
    }
    combined = [...merged.values()];
  }
  return combined;
}

function join<Value>(before: Combined<Value>, part: Part<Value>): Combined<Value> {
  return {
    value: [...before.value, part.value],
    answers: part.answers.map((answer, index) =>
      index in before.answers ? allHold([before.answers[index], answer]) : answer,
    ),
    facts: [...new Set([...before.facts, ...part.facts])].sort(),
  };
}

function keyOf({ answers, facts }: Combined<unknown>): string {
  return JSON.stringify([answers.map(String), facts]);
}
