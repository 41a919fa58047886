import type { ASTNode } from '@marcbachmann/cel-js';

/**
 * A part of an expression, as it is written there. Brackets at its edges are not in the range that the library gives: those
 * that the rest of it needs are added.
 */
export function writtenOf({ input, range }: ASTNode): string {
  const text = input.slice(range.start, range.end);
  let [missing, open] = [0, 0];
  for (const [token] of text.matchAll(textsAndBrackets)) {
    if (token === '(') open++;
    else if (token === ')' && open > 0) open--;
    else if (token === ')') missing++;
  }
  return '('.repeat(missing) + text + ')'.repeat(open);
}

/**
 * Texts, comments and brackets. Where a text has no end, which no expression has, it is all that is left: to look for its end
 * again and again would take long. Source: the specification of CEL, syntax.
 */
const textsAndBrackets =
  /"""(?:[^\\]|\\[\s\S]?)*?(?:"""|$)|'''(?:[^\\]|\\[\s\S]?)*?(?:'''|$)|"(?:[^"\\]|\\[\s\S]?)*(?:"|$)|'(?:[^'\\]|\\[\s\S]?)*(?:'|$)|\/\/.*|[()]/g;
