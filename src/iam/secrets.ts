import type { AwsSecret, Fleet, SecretGroup, Tag } from '../fleet/model.ts';
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
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Secrets that ${group.identity} may read, in ${group.region} of account ${group.account}`,
    Resources: Object.fromEntries(
      group.secrets.map((secret) => [logicalId(secret.name), secretResource(secret, group.region, keyIn)]),
    ),
  };
}

/** Source: CloudFormation Template Reference, "AWS::SecretsManager::Secret". */
function secretResource({ name, tags, replicaRegions }: AwsSecret, region: string, keyIn: KeyIn): Resource {
  const key = keyIn(region);
  return {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Name: name,
      KmsKeyId: key,
      ...(replicaRegions.length > 0 && {
        ReplicaRegions: replicaRegions.map((to) => replica(to, keyIn(to))),
      }),
      Tags: tags.map(({ key: Key, value: Value }: Tag) => ({ Key, Value })),
    },
  };
}

function replica(region: string, key: string | undefined) {
  return { Region: region, KmsKeyId: key };
}

function onlyKey({ kms, clusters }: Fleet, account: string): KeyIn {
  const keys = kms.kind === 'keys' ? keysFor(kms.keys, account, clusters) : [];
  return (region) => {
    const [first, ...others] = keys.filter((key) => key.region === region);
    return others.length === 0 ? first?.arn : undefined;
  };
}
