const nanoseconds: ReadonlyMap<string | undefined, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['\u00b5s', 1e3],
  ['\u03bcs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);

const duration = /^[-+]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|[u\u00b5\u03bcm]s|[smh]))+)$/;
const component = /([\d.]+)([^\d.]+)/g;

/** Go counts nanoseconds in 64 bits, with a sign. */
const tooLong = 2 ** 63;

/**
 * How long a duration of Go is, in seconds.
 *
 * Source: Go, time.ParseDuration.
 *
 * @param text such as 1h30m
 * @returns NaN for a text that Go takes for none, be it because it would be more than 292 years
 */
export function durationSeconds(text: string): number {
  if (!duration.test(text)) return Number.NaN;
  let total = 0;
  for (const [, number, unit] of text.matchAll(component))
    total += Math.floor(Number(number) * (nanoseconds.get(unit) ?? 0));
  if (total >= tooLong) return Number.NaN;
  return (text.startsWith('-') ? -total : total) / 1e9;
}
