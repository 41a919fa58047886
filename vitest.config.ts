import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { chromiumPath } from './test/report/browser/path.ts';

/**
 * Tests that need a program which not everybody has. In CI it must be there.
 *
 * - the API server that test/apiserver runs is built with Go, and so is what test/cel, test/kubernetes-guard and
 *   test/kubernetes-yaml ask
 * - moto, the emulator of AWS that test/aws deploys into, comes with Python
 * - the browser that opens the report in test/report/browser is a package of Debian
 * - unshare, which runs the commands of test/network without a network, is a part of Linux
 */
const needs = [
  {
    tests: 'test/apiserver',
    program: '.ci/tools/bin/apiserver',
    hint: 'needs an API server. .ci/build-apiserver.sh builds it with Go.',
  },
  {
    tests: 'test/cel',
    program: '.ci/tools/bin/cel',
    hint: "needs CEL's own library. .ci/build-apiserver.sh builds it with Go.",
  },
  {
    tests: 'test/kubernetes-yaml',
    program: '.ci/tools/bin/yaml',
    hint: "needs Kubernetes' reader of YAML. .ci/build-apiserver.sh builds it with Go.",
  },
  {
    tests: 'test/kubernetes-guard',
    program: '.ci/tools/bin/guard',
    hint: "needs Kubernetes' matching of policies and its RBAC. .ci/build-apiserver.sh builds it with Go.",
  },
  {
    tests: 'test/aws',
    program: '.ci/tools/python/bin/moto_server',
    hint: 'needs moto. .ci/install-python.sh installs it with Python 3.',
  },
  {
    tests: 'test/report/browser',
    program: chromiumPath,
    hint: 'needs chromium. .ci/install-chromium.sh installs it on Debian; CHROMIUM says where another one is.',
  },
  {
    tests: 'test/network',
    program: '/usr/bin/unshare',
    hint: 'needs unshare of util-linux. Linux has it.',
  },
];
const leftOut = needs.filter(
  ({ program }) => !existsSync(fileURLToPath(new URL(program, import.meta.url))) && !process.env.CI,
);
for (const { tests, hint } of leftOut) console.log(`Left out: ${tests}, which ${hint}`);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...leftOut.map(({ tests }) => `${tests}/**`)],
    // Some tests run the command as a child process, on machines with two cores under load.
    // A run of the fuzzers that was asked to be long may be.
    hookTimeout: 60_000,
    testTimeout: process.env.FUZZ_RUNS === undefined ? 60_000 : 3_600_000,
  },
});
