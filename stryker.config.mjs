import { mkdirSync, rmSync, symlinkSync } from 'node:fs';

const tempDirName = '.stryker-tmp';

// Stryker runs the tests in a copy one folder further down, where they look for ../shared as well.
mkdirSync(tempDirName, { recursive: true });
rmSync(`${tempDirName}/shared`, { force: true });
symlinkSync('../../shared', `${tempDirName}/shared`);

/** Mutation testing: which changes of the code does no test notice? The report is reports/mutation/mutation.html. */
export default {
  tempDirName,
  mutate: ['src/{input,fleet,validate}/**/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  // Nothing here looks at types; Stryker would rewrite tsconfig.json by functions that TypeScript 7 does not have.
  disableTypeChecks: false,
  tsconfigFile: '',
  ignorePatterns: ['.ci', 'bench', 'lib', 'reports'],
  reporters: ['clear-text', 'progress', 'html'],
  concurrency: 2,
};
