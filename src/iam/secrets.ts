import type { AwsSecret, Fleet, SecretGroup } from '../fleet/model.ts';
import type { Resource, Template } from './cloudformation.ts';
import { logicalId } from './names.ts';
import { keysFor } from './roles.ts';

/** The KMS key of an account's secrets in a region, when the input leaves no choice. */
type KeyIn = (region: string) => string | undefined;

/**
 * The secrets of one identity in one region: the statement of what must exist. Deployed, it makes them empty; a value
 * is put in by someone else. They stay when the template goes.
 */
export function secretsTemplate(group: SecretGroup, fleet: Fleet): Template {
  const keyIn = onlyKey(fleet, group.account);
  // A mapping from the start: an object would get a shape of its own, which no other one has.
  const resources: Record<string, Resource> = Object.create(null);
  for (const secret of group.secrets) {
    resources[logicalId(secret.name)] = secretResource(secret, group.region, keyIn);
  }
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Secrets that ${group.identity} may read, in ${group.region} of account ${group.account}`,
    Resources: resources,
  };
}

/** Source: CloudFormation Template Reference, "AWS::SecretsManager::Secret". */
function secretResource({ name, tags, replicaRegions }: AwsSecret, region: string, keyIn: KeyIn): Resource {
  return {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Name: name,
      KmsKeyId: keyIn(region),
      ReplicaRegions:
        replicaRegions.length > 0 ? replicaRegions.map((to) => replica(to, keyIn(to))) : undefined,
      Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    },
  };
}

function replica(region: string, key: string | undefined) {
  return { Region: region, KmsKeyId: key };
}

function onlyKey({ kms, clusters }: Fleet, account: string): KeyIn {
  if (kms.kind !== 'keys') return () => undefined;
  const keys = keysFor(kms.keys, account, clusters);
  return (region) => {
    const [first, ...others] = keys.filter((key) => key.region === region);
    return others.length === 0 ? first?.arn : undefined;
  };
}
