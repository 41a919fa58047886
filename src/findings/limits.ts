/** More problems than this are not listed: nobody reads further, and what lists them must end some day. */
export const maxFindings = 1000;

/**
 * Runs something that gathers its results by spreading lists into calls, as libraries do. Beyond some hundred thousand
 * results that runs out of stack, and so does nesting beyond all sense.
 *
 * @returns undefined when it did
 */
export function unlessOverflow<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (problem) {
    if (problem instanceof RangeError) return undefined;
    throw problem;
  }
}
