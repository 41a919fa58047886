import type { RuleName } from './rules.ts';

/** A place in a text: `line` and `column` count from 1; a column is one UTF-16 code unit, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A stretch of a file. `end` is exclusive. */
export interface Location {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

/** Keys and list indexes that lead from the root of a YAML document to one of its nodes. */
export type Path = readonly (string | number)[];

/** Whether the key of a mapping entry is meant, or its value. */
export type PathTarget = 'key' | 'value';

/** Turns a path into a place in the text it came from; falls back to the nearest parent that exists. */
export type Locate = (path: Path, target?: PathTarget) => Location;

/**
 * One problem, as data. It becomes text only in `src/report`.
 *
 * - `message` says what is wrong, `allowed` what would be right, `nearest` the closest valid spelling.
 * - A finding without a location is about a whole file or folder, which the message names.
 */
export interface Finding {
  readonly rule: RuleName;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly allowed?: string | undefined;
  readonly nearest?: string | undefined;
  readonly location?: Location;
  /** A request that shows the problem, as data: `prove --replay` takes it. Only with findings of the proof. */
  readonly counterexample?: object;
}
