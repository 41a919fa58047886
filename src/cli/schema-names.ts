/** What `schema --of` takes: the input, an included file, and what `--format json` prints. */
export const schemaNames = ['services', 'include', 'findings', 'diff', 'report', 'explain'] as const;
export type SchemaName = (typeof schemaNames)[number];
