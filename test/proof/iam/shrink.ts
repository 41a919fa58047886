import type { Document, Pair } from './random-pairs.ts';

/** The smallest pair with a property that is left when policies, statements and conditions are taken away one by one. */
export function shrink(pair: Pair, keeps: (smaller: Pair) => boolean): Pair {
  const smaller = [...smallerPairs(pair)].find(keeps);
  return smaller === undefined ? pair : shrink(smaller, keeps);
}

function* smallerPairs(pair: Pair): Generator<Pair> {
  const { boundary, resource, ...rest } = pair;
  if (boundary !== undefined) yield { ...rest, ...(resource && { resource }) };
  // Every role and key has a policy of its own: without it the question would be another one.
  const isOptional = pair.request.action.startsWith('secretsmanager:');
  if (resource !== undefined && isOptional) yield { ...rest, ...(boundary && { boundary }) };
  for (const identity of smallerLists(pair.identity)) yield { ...pair, identity };
  for (const scps of smallerLists(pair.scps)) yield { ...pair, scps };
  if (boundary !== undefined) {
    for (const document of smallerDocuments(boundary)) yield { ...pair, boundary: document };
  }
  if (resource !== undefined) {
    for (const document of smallerDocuments(resource)) yield { ...pair, resource: document };
  }
}

function* smallerLists(documents: readonly Document[]): Generator<Document[]> {
  for (const [index, document] of documents.entries()) {
    yield documents.toSpliced(index, 1);
    for (const smaller of smallerDocuments(document)) yield documents.with(index, smaller);
  }
}

function* smallerDocuments(document: Document): Generator<Document> {
  for (const [index, statement] of document.Statement.entries()) {
    if (document.Statement.length > 1)
      yield { ...document, Statement: document.Statement.toSpliced(index, 1) };
    for (const smaller of smallerStatements(statement)) {
      yield { ...document, Statement: document.Statement.with(index, smaller) };
    }
  }
}

type Statement = Document['Statement'][number];

function* smallerStatements(statement: Statement): Generator<Statement> {
  const { Condition, ...rest } = statement;
  if (Condition !== undefined) yield rest;
  for (const smaller of smallerValues(Condition)) yield { ...rest, Condition: smaller };
  for (const element of ['Action', 'NotAction', 'Resource', 'NotResource', 'Principal']) {
    for (const smaller of smallerValues(statement[element])) yield { ...statement, [element]: smaller };
  }
}

/** The same value with one entry or item less, at any depth, but never without any. */
function* smallerValues(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && value.length > 1; index++) yield value.toSpliced(index, 1);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    for (const [index, [key, inner]] of entries.entries()) {
      if (entries.length > 1) yield Object.fromEntries(entries.toSpliced(index, 1));
      for (const smaller of smallerValues(inner))
        yield Object.fromEntries(entries.with(index, [key, smaller]));
    }
  }
}
