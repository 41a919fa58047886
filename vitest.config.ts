import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Some tests run the command as a child process, on machines with two cores under load.
    // A run of the fuzzers that was asked to be long may be.
    testTimeout: process.env.FUZZ_RUNS === undefined ? 60_000 : 3_600_000,
  },
});
