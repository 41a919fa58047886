import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Some tests run the command as a child process, on machines with two cores under load.
    testTimeout: 60_000,
  },
});
