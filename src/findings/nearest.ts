/**
 * The candidate that is the fewest edits away from `word`, for "did you mean".
 *
 * An edit inserts, deletes or replaces one character, or swaps two neighbours (optimal string alignment
 * distance); case does not count. Nothing is offered when more than a third of the word would change, except where
 * the one word is the beginning of the other, and of no other candidate. Of many candidates only the first 500 are
 * looked at.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  const some = firstOf(candidates, 500);
  for (const candidate of some) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? onlyCompletion(word, some);
}

/** `cluster.env` for `cluster.environment`, `accountId` for `account`. */
function onlyCompletion(word: string, candidates: readonly string[]): string | undefined {
  const [a, min] = [word.toLowerCase(), 3];
  const related = candidates.filter((candidate) => {
    const b = candidate.toLowerCase();
    return Math.min(a.length, b.length) >= min && (a.startsWith(b) || b.startsWith(a));
  });
  return related.length === 1 ? related[0] : undefined;
}

function firstOf(candidates: Iterable<string>, limit: number): string[] {
  const first: string[] = [];
  for (const candidate of candidates) {
    if (first.push(candidate) === limit) break;
  }
  return first;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
