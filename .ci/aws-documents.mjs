// Asks cfn-lint about every CloudFormation template of dist and of the examples, and parliament about every permission
// policy and tag guard. Both have to find nothing.
//
//   node .ci/aws-documents.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addCounts } from './counts.mjs';

/** Findings by file: what a linter says about it, on one line each. */
const linters = {
  'cfn-lint': (files) => {
    const findings = runJson('cfn-lint', ['--format', 'json', '--', ...files]);
    return findings.map(({ Filename, Rule, Message }) => ({ file: Filename, text: `${Rule.Id} ${Message}` }));
  },
  parliament: (files) => {
    const findings = runJson('parliament', ['--json', '--files', files.join(',')]);
    return findings.map(({ location, title, detail }) => ({
      file: location.filepath,
      text: `${title} ${JSON.stringify(detail)}`,
    }));
  },
};

const dists = ['dist', ...readdirSync('examples').map((example) => `examples/${example}/dist`)];
const files = dists.flatMap((dist) =>
  readdirSync(`${dist}/aws`, { recursive: true }).map((file) => path.join(dist, 'aws', file)),
);
const documents = {
  'cfn-lint': files.filter((file) => /(cloudformation|(pod-identity|secrets)\/.*)\.json$/.test(file)),
  // A trust policy has no Resource, which parliament asks for; cfn-lint looks at those in the templates.
  parliament: files.filter((file) => /(policy|tag-guard)\.json$/.test(file)),
};

for (const [name, linter] of Object.entries(linters)) {
  selfCheck(name, linter);
  const asked = documents[name];
  const findings = linter(asked);
  for (const { file, text } of findings) console.error(`${name}: ${file}: ${text}`);
  const refused = new Set(findings.map(({ file }) => file)).size;
  addCounts(asked.length - refused, refused);
  console.log(`${name}: ${asked.length - refused} documents accepted, ${refused} refused`);
  if (findings.length > 0 || asked.length === 0) process.exitCode = 1;
}

/** A linter that looks at nothing would look satisfied, so each gets a document with a mistake that it must find. */
function selfCheck(name, linter) {
  const [example] = documents[name];
  const broken = {
    'cfn-lint': (text) => text.replace('"RoleName"', '"RoleNam"'),
    parliament: (text) => text.replace(/"Action": \[\s*"[a-z]+:/, '"Action": ["nothing:'),
  }[name](readFileSync(example, 'utf8'));
  const folder = mkdtempSync(path.join(tmpdir(), 'self-check-'));
  try {
    const file = path.join(folder, 'broken.json');
    writeFileSync(file, broken);
    const found = linter([file]);
    console.log(`${name} of a broken document: ${found.map(({ text }) => text).join('; ') || 'nothing'}`);
    addCounts(found.length > 0 ? 1 : 0, found.length > 0 ? 0 : 1);
    if (found.length === 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a linter prints: one JSON value, or one on each line. Its exit code says no more than that. */
function runJson(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  const text = stdout.trim();
  // cfn-lint has 0, 2, 4, … 14 for its findings, parliament 1. A crash leaves words on stderr.
  if (/Traceback/.test(stderr)) throw new Error(`${command} exited with ${status}: ${stderr}`);
  if (text.startsWith('[')) return JSON.parse(text);
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}
