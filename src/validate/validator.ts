import type { Finding } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import { compileRules } from './cel.ts';
import { compileSchema } from './compile.ts';
import { apiVersionOf, type Crds, type Kind, type KindVersion } from './crd.ts';
import { compileDefaults } from './defaults.ts';
import { groupVersion, listNames, type Manifest, type Problem, text, toFinding } from './manifest.ts';
import { checkNames } from './names.ts';
import { schemaProblems, type Validate } from './schema-check.ts';
import { readObjectSchema, SchemaError, type Structural } from './structural.ts';
import { checkWebhook, esoGroup } from './webhook.ts';

/** Validates one object at a time. */
export interface Validator {
  /** Everything that is wrong with an object by itself. */
  check(manifest: Manifest): Finding[];
}

/**
 * Makes a validator from CRDs. The schema of a kind is read, and compiled unless that was done ahead of time, when its
 * first object comes.
 *
 * An object is held against the schema of its kind and version as the API server does it: defaults are filled in,
 * unknown fields are errors, and the CEL rules are evaluated when the schema is met. Then come the rules for names
 * and those of the operator's admission webhook.
 */
export function createValidator(crds: Crds): Validator {
  const checks = new Map<string, ObjectCheck>();
  return {
    check(manifest) {
      const { apiVersion, kind } = manifest.object;
      const key = `${apiVersion} ${kind}`;
      const check = checks.get(key) ?? checkFor(crds, text(apiVersion) ?? '', text(kind) ?? '');
      checks.set(key, check);
      return check(manifest.object).map((problem) => toFinding(manifest, problem));
    },
  };
}

type ObjectCheck = (object: unknown) => readonly Problem[];

function checkFor(crds: Crds, apiVersion: string, kindName: string): ObjectCheck {
  const { group = '', version: wanted } = groupVersion(apiVersion) ?? {};
  const kind = crds.find(group, kindName);
  if (kind === undefined) {
    const unknown = unknownKind(crds, apiVersion, kindName);
    return (object) => [unknown, ...checkNames(object, undefined)];
  }
  const version = kind.versions.find(({ name, served }) => name === wanted && served);
  if (version === undefined) {
    const notServed = unservedVersion(kind, apiVersion);
    return (object) => [notServed, ...checkNames(object, kind.namespaced)];
  }
  const schema = schemaCheck(kind, version);
  return (object) => [
    ...schema(object),
    ...checkNames(object, kind.namespaced),
    ...(group === esoGroup ? checkWebhook(kindName, object) : []),
  ];
}

/** A schema is read once, however many validators there are. */
const schemaChecks = new WeakMap<KindVersion, ObjectCheck>();

function schemaCheck(kind: Kind, version: KindVersion): ObjectCheck {
  const check = schemaChecks.get(version) ?? newSchemaCheck(kind, version);
  schemaChecks.set(version, check);
  return check;
}

/** Checks the schema and, when it is met, the CEL rules: they may rely on the types that it states. */
function newSchemaCheck(kind: Kind, version: KindVersion): ObjectCheck {
  try {
    const root = readObjectSchema(version.schema);
    return schemaThenRules(root, version.validate ?? compileSchema(root));
  } catch (problem) {
    if (!(problem instanceof SchemaError)) throw problem;
    const message = `the schema of ${apiVersionOf(kind, version)} ${kind.kind} in ${kind.file} cannot be used: ${problem.message}`;
    return () => [{ rule: 'schema', message, allowed: 'a CRD that Kubernetes accepts', path: [] }];
  }
}

function schemaThenRules(root: Structural, validate: Validate): ObjectCheck {
  const fillDefaults = compileDefaults(root);
  const rules = compileRules(root);
  return (object) => {
    const defaulted = fillDefaults ? fillDefaults(object) : object;
    const problems = schemaProblems(defaulted, root, validate);
    return problems.length === 0 && rules ? rules(defaulted) : problems;
  };
}

function unknownKind(crds: Crds, apiVersion: string, kind: string): Problem {
  const wanted = `${apiVersion} ${kind}`;
  return {
    rule: 'unknown-kind',
    severity: 'warning',
    message: `no schema is known for ${wanted}: only its metadata was checked`,
    allowed: listNames(crds.served()),
    nearest: nearest(wanted, crds.served()),
    path: ['kind'],
  };
}

function unservedVersion(kind: Kind, apiVersion: string): Problem {
  const served = kind.versions
    .filter((version) => version.served)
    .map((version) => apiVersionOf(kind, version));
  return {
    rule: 'unknown-kind',
    message: `${kind.kind} is not served as ${apiVersion}`,
    allowed: listNames(served),
    nearest: nearest(apiVersion, served),
    path: ['apiVersion'],
  };
}
