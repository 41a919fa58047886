/**
 * Every rule there is: the closed list of what this project can say about an input, a manifest or a folder.
 * Each has a section in docs/checks.md with an input and its exact output, which a test runs.
 */
export const rules = {
  // src/input: the text and its shape
  'yaml-syntax': 'the file is not one well-formed YAML 1.2 document',
  'duplicate-key': 'a mapping holds the same key twice',
  'yaml-alias': 'an alias that stands for nothing, for itself, or multiplies the document',
  'input-limit': 'the file is larger or nested deeper than any real input',
  'input-encoding': 'the file is not UTF-8 text',
  'secret-value': 'the file holds what looks like a secret value',
  'unknown-key': 'a key that the format does not have',
  'missing-key': 'a key that the format requires is absent',
  'wrong-type': 'a value of the wrong type',
  'invalid-value': 'a value that is not in the allowed form or range',
  include: 'an include pattern leaves the folder, matches nothing or names a file that cannot be read',

  // src/fleet: names and references
  'unknown-region': 'a well-formed region that is not a known AWS region',
  'unknown-cluster': 'a cluster or region that the input does not define',
  'unknown-service': 'a service that the input does not define',
  'unknown-template': 'a {placeholder} that does not exist or has no value here',
  'unsupported-version': 'a version of External Secrets Operator that is not known',
  'kubernetes-version': 'a version of Kubernetes that has no admission policies',
  'guard-off': 'a cluster in which nothing keeps tenants from claiming the tags of others',
  'guard-deployer': 'a deployer that tenants are, or could act as',
  'service-conflict': 'two services or shared identities have the same name',
  'namespace-conflict': 'two services would live in one namespace',
  'reserved-namespace': 'a namespace that belongs to Kubernetes or to the operator',
  'name-conflict': 'two secrets of a service would become one Kubernetes object or key',
  'secret-owner': 'one AWS secret is wanted by two identities',
  'secret-arn': 'a secret ARN that lies outside the region or account that reads it',
  'secret-name-suffix': 'a secret name that looks like the random end of an ARN',
  'secret-type': 'a Kubernetes Secret type that is missing its keys or gives rights',
  'refresh-interval': 'a refresh interval that is shorter than a minute',
  'session-tag': 'a session tag that AWS would refuse',
  'controller-role': 'a role that would serve two purposes, or clusters that may not share one',
  gitops: 'something that Argo CD or Flux could not apply, or that would let tenants change what they apply',
  'policy-size': 'an AWS document that is larger than AWS takes',
  'template-size': 'an identity has more secrets than a CloudFormation template holds',
  'aws-quota': 'more calls or secrets in an account and region than half of what AWS takes',
  'fleet-size': 'more in one cluster or Argo CD than these are known to take',

  // src/validate: manifests
  'manifest-syntax': 'a manifest is not a Kubernetes object',
  'unknown-kind': 'an object that no schema is known for',
  schema: 'an object does not match the schema of its CRD',
  'unknown-field': 'a field that the schema does not have',
  'cel-rule': 'an object breaks a validation rule of its CRD',
  'object-name': 'a name, label or annotation that Kubernetes refuses',
  'duplicate-object': 'the same object stands in the manifests twice',
  'store-reference': 'an ExternalSecret names a SecretStore that is not in its namespace',
  'secret-target': 'two ExternalSecrets write one Secret',
  'eso-webhook': "an object that the operator's own admission webhook refuses",

  // src/proof: policy documents
  'json-syntax': 'the file is not one well-formed JSON text',
  'policy-syntax': 'a policy document that AWS would refuse',
  'policy-unknown': 'a policy document holds something that is not judged',

  // src/proof: who can read what
  'proof-access': 'somebody can read a secret, or use a key, of another identity',
  'proof-denied': 'an identity cannot read a secret that it is meant to read',
  'proof-trust': 'a role can be assumed by others than its callers, or with other tags than theirs',
  'proof-document': 'a file of dist contradicts another one, or holds something that nothing is known about',
  'proof-tag-guard': 'the guard lets others than the administrators change the tags that decide who reads',
  'proof-guard':
    'the admission policies of a cluster let a tenant claim what is not its own, or are in the way of work',
  'wide-permission': 'a role may do more than it is for',

  // src/dist: the folder
  'dist-missing': 'a file that the input yields is not in dist',
  'dist-stale': 'a file in dist is not what the input yields now',
  'dist-edited': 'a generated file was changed by hand',
  'dist-surplus': 'a generated file that the input no longer yields',
  'dist-foreign': 'a file under a generated folder that this tool did not write',

  // src/shards: the folders of shards
  'shard-set': 'the folders are not all the shards of one input, each once',
  'shard-file': 'a file in the folder of a shard is not what the shard has written',
} as const;

/** The name of a rule. */
export type RuleName = keyof typeof rules;
