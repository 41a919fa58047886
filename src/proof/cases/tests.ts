import { splitGlob } from '../iam/arn.ts';
import type { Condition, Context, Pattern, Policy, Statement } from '../iam/model.ts';
import { type Glob as Resolved, resolve } from '../iam/pattern.ts';
import type { Glob, GlobPart } from '../witness/automaton.ts';

/** One comparison that a policy makes between a value of a request and a text of its own. */
export interface ValueTest {
  readonly pattern: Pattern;
  readonly how: 'equals' | 'ignoreCase' | 'like' | 'arn' | 'resource';
  readonly statement: Statement;
}

/** What policies compare, by condition key in lower case. A decision depends on the key's value by these alone. */
export type ValueTests = ReadonlyMap<string, readonly ValueTest[]>;

/** Every comparison that the conditions of these policies make. `Null` makes none: it asks whether a key is there. */
export function valueTests(policies: readonly Policy[]): ValueTests {
  const tests = new Map<string, ValueTest[]>();
  for (const { statements } of policies) {
    for (const statement of statements) {
      for (const condition of statement.conditions) {
        const known = tests.get(condition.key) ?? [];
        tests.set(condition.key, known);
        for (const pattern of comparedBy(condition)) {
          known.push({ pattern, how: howOf(condition), statement });
        }
      }
    }
  }
  return tests;
}

/** The comparisons that policies make with the resource of a request. */
export function resourceTests(policies: readonly Policy[]): ValueTest[] {
  return policies.flatMap(({ statements }) =>
    statements.flatMap((statement) =>
      (statement.resources?.values ?? []).map((pattern) => ({
        pattern,
        how: 'resource' as const,
        statement,
      })),
    ),
  );
}

function comparedBy({ operator, values }: Condition): readonly Pattern[] {
  return operator === 'Null' ? [] : values;
}

function howOf({ operator }: Condition): ValueTest['how'] {
  if (operator.startsWith('Arn')) return 'arn';
  if (operator.endsWith('IgnoreCase') || operator === 'Bool') return 'ignoreCase';
  return operator.endsWith('Like') ? 'like' : 'equals';
}

/** The keys whose values stand in a pattern. */
export function variablesOf({ pattern }: ValueTest): string[] {
  return pattern.parts.flatMap((part) => (part.type === 'variable' ? [part.key] : []));
}

/**
 * The texts that a comparison is true of, as globs, given the values of its variables. A comparison with a variable
 * that has no value is true of none. With a resource there are two: how far a wildcard reaches beyond a colon is
 * documented in part only, and the evaluator looks at both readings.
 */
export function globsOf(test: ValueTest, context: Context): Glob[] {
  const resolved = resolve(test.pattern, context);
  if (resolved === undefined) return [];
  switch (test.how) {
    case 'arn':
      return [{ parts: arnParts(resolved) }];
    case 'resource':
      return [
        { parts: resolved },
        { parts: resolved.map((part, index) => withinPart(part, resolved[index + 1])) },
      ];
    default:
      return [{ parts: resolved, ignoreCase: test.how === 'ignoreCase' }];
  }
}

/** ArnLike compares segment by segment: only in the last one may a wildcard stand for a colon. */
function arnParts(resolved: Resolved): GlobPart[] {
  const segments = splitGlob(resolved);
  return segments.flatMap((segment, index): GlobPart[] => {
    const isLast = index === segments.length - 1;
    const parts = isLast ? segment : segment.map(withoutColon);
    return isLast ? [...parts] : [...parts, { type: 'text', text: ':' }];
  });
}

function withinPart(part: GlobPart, next: GlobPart | undefined): GlobPart {
  const endsSegment = next === undefined || (next.type === 'text' && next.text.startsWith(':'));
  return part.type === 'any' && endsSegment ? part : withoutColon(part);
}

/** The same piece of a glob, where its wildcard stands for no colon. */
export function withoutColon(part: GlobPart): GlobPart {
  return part.type === 'text' ? part : { type: part.type, withoutColon: true };
}

/** The glob that holds one text alone. */
export function exactly(text: string): Glob {
  return { parts: [{ type: 'text', text }] };
}
