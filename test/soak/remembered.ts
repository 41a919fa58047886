/**
 * The same function, with its last answers kept: only for one whose answer depends on nothing but the text, and is
 * changed by nobody.
 *
 * @param most how many answers are kept
 */
export function remembered<Answer>(most: number, answerTo: (text: string) => Answer) {
  const known = new Map<string, Answer>();
  return (text: string): Answer => {
    const answer = known.get(text) ?? answerTo(text);
    // Those that were asked for last are the last to go.
    known.delete(text);
    known.set(text, answer);
    if (known.size > most) known.delete(known.keys().next().value ?? '');
    return answer;
  };
}
