import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain, runProgram } from '../support/run.ts';
import { type AccountFiles, accountsIn, type Json, type Store, secretsOf, storesFor } from './documents.ts';
import { type Credentials, type Moto, startMoto } from './moto.ts';

/**
 * What is emitted, deployed into an emulator of AWS by clients of AWS's own. moto checks the templates of roles, the form
 * of policies, and parameters, and keeps what it is given. It asks no policy whether a request is allowed: neither trust,
 * nor session tags, nor tags of secrets. So nothing here shows who can read what, and docs/proof.md does not count it.
 */
const examples = [
  { input: 'services.yaml', dist: 'dist', tags: [] },
  { input: 'examples/aws-blog/services.yaml', dist: 'examples/aws-blog/dist', tags: [] },
  { input: 'examples/platform/services.yaml', dist: 'examples/platform/dist', tags: ['environment'] },
];

const accounts = examples.flatMap((example) =>
  accountsIn(example.dist).map((files) => ({ ...example, files })),
);

describe.each(accounts)('account $files.account of $dist', ({ input, dist, tags, files }) => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto(files.account);
    await deploy(moto, files);
  }, 120_000);
  afterAll(() => moto.stop());

  it('has exactly the roles of the files, with their documents', async () => {
    const iam = new IAMClient(moto.client('us-east-1'));
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    expect(Roles.map(({ RoleName }) => RoleName).sort()).toEqual([...files.roles].sort());
    for (const role of files.roles) {
      const deployed = await readBack(iam, role);
      expect(deployed.policy).toEqual(fileOf(files, role, 'policy'));
      expect(deployed.trust).toEqual(fileOf(files, role, 'trust') ?? deployed.trust);
    }
  });

  it('is proven, or not, as the files are', async () => {
    const iam = new IAMClient(moto.client('us-east-1'));
    const stores = storesFor(dist, files.account);
    const [access = ''] = new Set(stores.map(({ role }) => role.slice(role.lastIndexOf('/') + 1)));
    const { policy, trust } = await readBack(iam, access);
    const folder = mkdtempSync(path.join(tmpdir(), 'deployed-'));
    try {
      // As "aws iam get-role-policy" and "aws iam get-role" print it.
      writeFileSync(
        path.join(folder, 'policy.json'),
        JSON.stringify({ RoleName: access, PolicyDocument: policy }),
      );
      writeFileSync(
        path.join(folder, 'trust.json'),
        JSON.stringify({ Role: { RoleName: access, AssumeRolePolicyDocument: trust } }),
      );
      const ofDeployed = await proven(folder, tags);
      const ofFiles = await proven(path.join(files.folder, 'roles', access), tags);
      expect(ofDeployed).toEqual(ofFiles);
      expect(ofDeployed).toMatchObject({ code: 0, proven: true });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has the secrets of the templates, and lets the operator take its way to each', async () => {
    const wanted = secretsOf(files);
    expect(wanted.length).toBeGreaterThan(0);
    for (const { region, name, tags } of wanted) {
      const secrets = new SecretsManagerClient(moto.client(region));
      const { Tags = [] } = await secrets.send(new DescribeSecretCommand({ SecretId: name }));
      expect(Tags).toEqual(tags);
    }
    const stores = storesFor(dist, files.account);
    const [first] = wanted;
    const store = stores.find((one) => first?.tags.every(({ Value }) => hasTag(one, Value)));
    if (first === undefined || store === undefined) throw new Error('no store for the first secret');
    const credentials = await assumeAsOperator(moto, files, store);
    const session = new SecretsManagerClient(moto.client(first.region, credentials));
    const { SecretString } = await session.send(new GetSecretValueCommand({ SecretId: first.name }));
    expect(SecretString).toBe(`value of ${first.name}`);
  });

  it('gives secrets that exist the same tags by aws tag-commands', async () => {
    const { stdout } = await runMain(['aws', 'tag-commands', '-f', input], { cwd: process.cwd() });
    const wanted = secretsOf(files);
    const commands = commandsFor(stdout, files.account);
    expect(commands).toHaveLength(wanted.length);
    for (const { region, name, tags } of wanted) {
      const secrets = new SecretsManagerClient(moto.client(region));
      const TagKeys = tags.map(({ Key }) => Key);
      await secrets.send(new UntagResourceCommand({ SecretId: name, TagKeys }));
    }
    const script = `aws() { printf '%s\\n' "$@" --; }\n${commands.join('\n')}`;
    const { stdout: words } = await runProgram('bash', ['-c', script], { cwd: process.cwd() });
    for (const call of words.split('\n--\n').filter((one) => one !== '')) await tagAs(moto, call.split('\n'));
    for (const { region, name, tags } of wanted) {
      const secrets = new SecretsManagerClient(moto.client(region));
      const { Tags } = await secrets.send(new DescribeSecretCommand({ SecretId: name }));
      expect(Tags).toEqual(tags);
    }
  });
});

/** Creates the stack of the roles, and the secrets. The boundary is a managed policy that has to be there. */
async function deploy(moto: Moto, files: AccountFiles): Promise<void> {
  const template = readFileSync(path.join(files.folder, 'cloudformation.json'), 'utf8');
  const [, boundary] = /:policy\/([\w-]+)"/.exec(template) ?? [];
  if (boundary !== undefined) {
    const document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['sts:*'], Resource: '*' }],
    };
    const command = new CreatePolicyCommand({
      PolicyName: boundary,
      PolicyDocument: JSON.stringify(document),
    });
    await new IAMClient(moto.client('us-east-1')).send(command);
  }
  const client = new CloudFormationClient(moto.client('us-east-1'));
  const stack = {
    StackName: 'roles',
    TemplateBody: template,
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  };
  await client.send(new CreateStackCommand(stack));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'roles' }));
  expect(Stacks.map(({ StackStatus }) => StackStatus)).toEqual(['CREATE_COMPLETE']);
  for (const role of files.roles) {
    if (fileOf(files, role, 'trust') === undefined) await createAsEksctl(moto, files, role);
  }
  // moto passes over AWS::SecretsManager::Secret in templates, so its properties go into CreateSecret.
  for (const { region, name, tags } of secretsOf(files)) {
    const secrets = new SecretsManagerClient(moto.client(region));
    await secrets.send(
      new CreateSecretCommand({ Name: name, Tags: [...tags], SecretString: `value of ${name}` }),
    );
  }
}

/** A role whose trust is left to eksctl: with a provider that eksctl knows, and the policy of the files. */
async function createAsEksctl(moto: Moto, files: AccountFiles, role: string): Promise<void> {
  const iam = new IAMClient(moto.client('us-east-1'));
  const Federated = `arn:aws:iam::${files.account}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE`;
  const statement = { Effect: 'Allow', Principal: { Federated }, Action: 'sts:AssumeRoleWithWebIdentity' };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: trust }));
  const document = JSON.stringify(fileOf(files, role, 'policy'));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: role, PolicyName: 'eksctl', PolicyDocument: document }),
  );
}

async function readBack(iam: IAMClient, role: string): Promise<{ policy: Json; trust: Json }> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
  const [name] = PolicyNames;
  expect(PolicyNames).toHaveLength(1);
  const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: role }));
  return { policy: decoded(PolicyDocument), trust: decoded(Role?.AssumeRolePolicyDocument) };
}

/** IAM's API gives documents URL-encoded, and moto those of a stack's roles as Python would write them. */
function decoded(document = ''): Json {
  const text = decodeURIComponent(document);
  return JSON.parse(text.startsWith("{'") ? text.replaceAll("'", '"') : text);
}

/** A role whose trust is written by eksctl alone has none in the files. */
function fileOf({ folder }: AccountFiles, role: string, kind: 'policy' | 'trust'): Json | undefined {
  const file = path.join(folder, 'roles', role, `${kind}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

async function proven(folder: string, tags: readonly string[]): Promise<Json> {
  const documents = [
    '--policy',
    path.join(folder, 'policy.json'),
    '--trust',
    path.join(folder, 'trust.json'),
  ];
  const further = tags.flatMap((tag) => ['--tags', tag]);
  const args = ['prove', ...documents, '--tag-key', 'ekssecret', ...further, '--format', 'json'];
  const { code, stdout } = await runMain(args, { cwd: process.cwd() });
  return { code, ...JSON.parse(stdout) };
}

const hasTag = ({ sessionTags }: Store, wanted: string) => sessionTags.some(({ value }) => value === wanted);

/** The operator's role first, then the roles of the chain without tags, then the access role with the session tags. */
async function assumeAsOperator(moto: Moto, files: AccountFiles, store: Store): Promise<Credentials> {
  const { role, additionalRoles = [], externalID, sessionTags, transitiveTagKeys, region } = store;
  const next = additionalRoles[0] ?? role;
  const controller = files.roles.find((name) =>
    JSON.stringify(fileOf(files, name, 'policy')).includes(`"${next}"`),
  );
  const iam = new IAMClient(moto.client('us-east-1'));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: controller }));
  let credentials: Credentials | undefined;
  for (const hop of [Role?.Arn ?? '', ...additionalRoles]) {
    credentials = await assume(moto, region, credentials, { RoleArn: hop, RoleSessionName: 'operator' });
  }
  return assume(moto, region, credentials, {
    RoleArn: role,
    RoleSessionName: 'operator',
    Tags: sessionTags.map(({ key, value }) => ({ Key: key, Value: value })),
    ...(transitiveTagKeys && { TransitiveTagKeys: [...transitiveTagKeys] }),
    ...(externalID !== undefined && { ExternalId: externalID }),
  });
}

async function assume(
  moto: Moto,
  region: string,
  credentials: Credentials | undefined,
  input: ConstructorParameters<typeof AssumeRoleCommand>[0],
): Promise<Credentials> {
  const { Credentials: made } = await new STSClient(moto.client(region, credentials)).send(
    new AssumeRoleCommand(input),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** The commands behind the comments that name the account. */
function commandsFor(text: string, account: string): string[] {
  const blocks = text.split(/^(?=# account)/m);
  return blocks
    .filter((block) => block.startsWith(`# account ${account},`))
    .flatMap((block) => block.split('\n').filter((line) => line.startsWith('aws ')));
}

/** What one command of the AWS CLI does. */
async function tagAs(moto: Moto, words: readonly string[]): Promise<void> {
  const [service, action, regionFlag, region = '', secretFlag, SecretId, tagsFlag, ...tags] = words;
  expect([service, action, regionFlag, secretFlag, tagsFlag].join(' ')).toBe(
    'secretsmanager tag-resource --region --secret-id --tags',
  );
  const secrets = new SecretsManagerClient(moto.client(region));
  const Tags = tags.map((tag) => {
    const [, Key = '', Value = ''] = /^Key=(.*?),Value=(.*)$/.exec(tag) ?? [];
    return { Key, Value };
  });
  await secrets.send(new TagResourceCommand({ SecretId, Tags }));
}
