/** Mutation testing: which changes of the code does no test notice? The report is reports/mutation/mutation.html. */
export default {
  // A copy of the tree would not hold the links of test/projects, and tests look for ../shared beside it.
  inPlace: true,
  mutate: ['src/{input,fleet,validate,iam,guard,proof,dist}/**/*.ts'],
  // Tables and schemas, which are read when a module loads, are held against those of AWS, Kubernetes and the operator.
  ignoreStatic: true,
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
