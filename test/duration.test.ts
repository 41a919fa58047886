import { describe, expect, it } from 'vitest';
import { durationSeconds } from '../src/duration.ts';

describe('a duration of Go', () => {
  it.each([
    ['0', 0],
    ['1h', 3600],
    ['1h30m', 5400],
    ['1m0.5s', 60.5],
    ['1.s.5s', 1.5],
    ['-90s', -90],
    ['+1500ms', 1.5],
    ['2us', 2e-6],
    ['2\u00b5s', 2e-6],
    ['2\u03bcs', 2e-6],
    ['3ns', 3e-9],
    ['0.9ns', 0],
    ['2562047h47m16s', 9223372036],
  ])('%s is %d seconds', (text, seconds) => expect(durationSeconds(text)).toBeCloseTo(seconds, 12));

  it.each(['', '-', '1', '00', '1d', 'h', '.h', '1 h', '1h ', '1H', '1e3s', '2562048h', '2562047h48m'])(
    '"%s" is none',
    (text) => expect(durationSeconds(text)).toBeNaN(),
  );
});
