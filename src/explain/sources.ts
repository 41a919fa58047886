import type { Source } from '../proof/files/model.ts';

/** The files of dist by their path. */
export type SourceMap = ReadonlyMap<string, Source>;
