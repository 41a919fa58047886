import { defineConfig } from 'vitest/config';

/**
 * The tests that `npm run mutate` repeats for each change of the code: the fast ones. The properties are left out, each
 * of which takes seconds, and so is what starts processes.
 */
export default defineConfig({
  test: {
    include: [
      'test/*.test.ts',
      'test/{dist,fleet,gitops,guard,iam,input}/*.test.ts',
      'test/proof/{,attacks/,guard/,iam/,json/}*.test.ts',
      'test/faults/file-system.test.ts',
    ],
    exclude: [
      ...['bench', 'commands', 'package', 'scale', '*/any-input', '*/conformance'],
      ...['damage', 'dist', 'iam/differential', 'iam/properties'].map((name) => `proof/${name}`),
    ].map((name) => `test/${name}.test.ts`),
    testTimeout: 60_000,
  },
  plugins: [
    {
      name: 'processes',
      // Stryker asks for threads, in which no test can change its working directory.
      configureVitest: ({ project }) => {
        project.config.pool = 'forks';
      },
    },
  ],
});
