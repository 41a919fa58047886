// Adds the tests of a JSON report by vitest to what .ci/run counts.
//
//   node .ci/count-tests.mjs REPORT
//
// A test that was skipped proves nothing, and neither does a run without tests: both fail.
import { readFileSync } from 'node:fs';
import { addCounts } from './counts.mjs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const passed = report.numPassedTests;
const failed = report.numTotalTests - passed;
addCounts(passed, failed);
for (const test of report.testResults.flatMap((file) => file.assertionResults)) {
  if (!['passed', 'failed'].includes(test.status)) console.error(`${test.status}: ${test.fullName}`);
}
if (passed === 0 || failed > 0) process.exitCode = 1;
