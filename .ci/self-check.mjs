// Shows that the validators can refuse: each gets an object that it must accept, and the same one broken in ways that
// it must not let through. A validator that finds no schema, or looks at nothing, would otherwise look satisfied.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dump } from 'js-yaml';
import { addCounts } from './counts.mjs';
import { passesOver, validators } from './validators.mjs';

const release = '2.9.0';
const store = (change = {}, aws = {}) => ({
  apiVersion: 'external-secrets.io/v1',
  kind: 'SecretStore',
  metadata: { name: 'store', namespace: 'payments' },
  spec: { provider: { aws: { service: 'SecretsManager', region: 'us-west-2', ...aws } } },
  ...change,
});
const namespace = (change = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'payments' },
  ...change,
});

const policy = (spec = {}) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'policy' },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    validations: [{ expression: 'true' }],
    ...spec,
  },
});

const kustomization = (spec = {}) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'services', namespace: 'flux-system' },
  spec: { interval: '10m', prune: true, sourceRef: { kind: 'GitRepository', name: 'platform' }, ...spec },
});

const accepted = {
  'a SecretStore': store(),
  'a Namespace': namespace(),
  'an admission policy': policy(),
  'a Kustomization of Flux': kustomization(),
};
const refused = {
  'an unknown field': store({}, { colour: 'red' }),
  'an unknown field at the top': store({ colour: 'red' }),
  'a value outside the enum': store({}, { service: 'Secrets' }),
  'a number for a text': store({}, { region: 2 }),
  'a required field left out': store({}, { region: undefined }),
  'two providers': store({ spec: { provider: { ...store().spec.provider, fake: { data: [] } } } }),
  'an API version that nobody knows': store({ apiVersion: 'external-secrets.io/v7' }),
  'a kind that nobody knows': store({ kind: 'Store' }),
  'an unknown field in a Namespace': namespace({ spec: { colour: 'red' } }),
  'an unknown field in an admission policy': policy({ colour: 'red' }),
  'an unknown field in a Kustomization of Flux': kustomization({ colour: 'red' }),
  'a source of Flux that is none': kustomization({ sourceRef: { kind: 'Service', name: 'platform' } }),
};
// JSON Schema cannot say these two.
const refusedByKubectlValidate = {
  'a rule in CEL broken': store({}, { customSessionTags: { esoNamespace: 'payments' } }),
  'a name in capitals': store({ metadata: { name: 'Store', namespace: 'payments' } }),
};

for (const name of Object.keys(validators)) {
  const own = name === 'kubectl-validate' ? refusedByKubectlValidate : {};
  const problems = [
    ...wrongVerdicts(name, accepted, true),
    ...wrongVerdicts(name, { ...refused, ...own }, false),
  ];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

/** Asks a validator about each of the objects, counts, and says where it is not of our opinion. */
function wrongVerdicts(name, objects, expected) {
  const folder = mkdtempSync(path.join(tmpdir(), 'self-check-'));
  try {
    const asked = Object.entries(objects)
      .map(([what, object], index) => ({
        what,
        text: dump(object, { skipInvalid: true }),
        file: `${index}.yaml`,
      }))
      .filter(({ text }) => !passesOver(name, text));
    for (const { text, file } of asked) writeFileSync(path.join(folder, file), text);
    const verdicts = validators[name](folder, release);
    const problems = asked.flatMap(({ what, file }) => {
      const verdict = verdicts.get(path.join(folder, file));
      const isAccepted = verdicts.has(path.join(folder, file)) && verdict === undefined;
      console.log(`${name}: ${what}: ${isAccepted ? 'accepted' : `refused (${verdict ?? 'no verdict'})`}`);
      return isAccepted === expected ? [] : [`${name} ${isAccepted ? 'accepts' : 'refuses'} ${what}`];
    });
    addCounts(asked.length - problems.length, problems.length);
    return problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
