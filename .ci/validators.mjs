// Validators by others, asked about files that hold one object each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { schemaTemplate, writeSchemas } from './crd-schemas.mjs';
import { crdFolder, crdsOf, gitopsCrds, gitopsFolder } from './releases.mjs';

/**
 * By name: a function from a folder and a release of the operator to what the validator says about each file below
 * that folder: nothing when it accepts the object, otherwise why it does not. A file that it passed over is not in
 * the map.
 *
 * @type {Record<string, (folder: string, release: string) => Map<string, string | undefined>>}
 */
export const validators = { kubeconform, 'kubectl-validate': kubectlValidate };

/** Kinds of Kubernetes itself, as kubeconform names them. */
const builtin = [
  'v1/Namespace',
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding',
  'rbac.authorization.k8s.io/v1/ClusterRole',
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
];

/**
 * Whether a validator has no say about an object. There is no schema of Kubernetes' own kinds for kubeconform without
 * the network; kubectl-validate brings them along.
 */
export const passesOver = (validator, text) =>
  validator === 'kubeconform' && builtin.some((name) => isOfKind(text, name));

function isOfKind(text, name) {
  const [, apiVersion, kind] = /^(.+)\/([^/]+)$/.exec(name);
  return text.includes(`apiVersion: ${apiVersion}\nkind: ${kind}\n`);
}

/** JSON Schemas, made from the CRDs so that no unknown field gets by. */
function kubeconform(folder, release) {
  const schemas = mkdtempSync(path.join(tmpdir(), 'schemas-'));
  try {
    for (const crd of [...crdsOf(release), ...gitopsCrds()]) writeSchemas(crd, schemas);
    const location = path.join(schemas, schemaTemplate);
    const options = ['-strict', '-verbose', '-skip', builtin.join(','), '-schema-location', location];
    const { resources } = runJson('kubeconform', ['-output', 'json', ...options, folder]);
    const judged = resources.filter(({ status }) => status !== 'statusSkipped');
    return new Map(
      judged.map(({ filename, status, msg }) => [
        filename,
        status === 'statusValid' ? undefined : msg || status,
      ]),
    );
  } finally {
    rmSync(schemas, { recursive: true });
  }
}

/** The API server's own code for CRDs, CEL rules included, and the schemas of Kubernetes 1.30 inside the tool. */
function kubectlValidate(folder, release) {
  const crds = [crdFolder(release), gitopsFolder].flatMap((one) => ['--local-crds', one]);
  const options = [...crds, '--version', '1.30'];
  const answer = runJson('kubectl-validate', ['--output', 'json', ...options, folder]);
  return new Map(
    Object.entries(answer).map(([file, statuses]) => {
      const failures = statuses.filter(({ status }) => status !== 'Success');
      return [file, failures.map(({ message }) => message || 'refused').join('; ') || undefined];
    }),
  );
}

/** What a validator prints. It exits with 1 when it refuses an object, which its answer says too. */
function runJson(command, args) {
  // Were there a cluster that this user can reach, kubectl-validate would ask it.
  const env = { ...process.env, KUBECONFIG: '/dev/null' };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env,
  });
  if (error) throw error;
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${command} exited with ${status} and no answer: ${stderr}`);
  }
}
