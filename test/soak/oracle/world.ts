import { loadAll } from 'js-yaml';
import { type Grant, type Operator, operatorsIn, subjectOf } from './operators.ts';
import { type Document, NotJudged } from './policy.ts';

/** A text of dist by its path. */
export interface File {
  readonly path: string;
  readonly text: string;
}

/** JSON data whose form nobody has checked. */
// biome-ignore lint/suspicious/noExplicitAny: this reads files as a stranger would who trusts their form, and fails where it is another
export type Json = any;

/** What one way of deploying makes of a role. */
export interface RoleVersion {
  readonly from: string;
  readonly arn: string;
  /** Absent where eksctl writes it. */
  readonly trust?: Document;
  readonly policies: readonly Document[];
}

export interface Secret {
  readonly tags: ReadonlyMap<string, string>;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly kmsKey?: string;
}

/** A file of a service: the objects that a cluster gets from it. */
export interface ServiceFile {
  readonly cluster: string;
  readonly service: string;
  readonly objects: readonly Json[];
}

/** What all files of dist say, taken at their word. */
export interface World {
  readonly roles: readonly RoleVersion[];
  /** By account. */
  readonly tagGuards: ReadonlyMap<string, Document>;
  readonly grants: readonly Grant[];
  /** By cluster; more than one where the ways of installing it differ. */
  readonly operators: ReadonlyMap<string, readonly Operator[]>;
  readonly secrets: readonly Secret[];
  readonly services: readonly ServiceFile[];
  /** The objects of each cluster's platform. */
  readonly platforms: ReadonlyMap<string, readonly Json[]>;
}

/**
 * Reads dist with the usual readers of JSON and YAML, and nothing of this project.
 *
 * @param before the files before a change, if there was one
 * @throws whatever the readers throw, and NotJudged
 */
export function readWorld(files: readonly File[], before: readonly File[] = []): World {
  const reader = new Reader(files, before);
  for (const file of files) reader.read(file);
  return reader.world();
}

class Reader {
  private readonly roles: RoleVersion[] = [];
  private readonly tagGuards = new Map<string, Document>();
  private readonly grants: Grant[] = [];
  private readonly secrets: Secret[] = [];
  private readonly services: ServiceFile[] = [];
  private readonly platforms = new Map<string, Json[]>();
  private readonly sources: readonly File[];
  private readonly files: ReadonlyMap<string, string>;
  /** Every text in which a role may be named: where a change took a name out, it stands in an earlier text. */
  private readonly texts: readonly string[];
  private readonly partitions: ReadonlyMap<string, string>;

  constructor(files: readonly File[], before: readonly File[]) {
    this.sources = files;
    this.files = new Map(files.map(({ path, text }) => [path, text]));
    this.texts = [...files, ...before].map(({ text }) => text);
    const arns = files.flatMap(({ text }) => [...text.matchAll(/arn:(aws[a-z-]*):\w+:[^:]*:(\d{12}):/g)]);
    this.partitions = new Map(arns.map(([, partition = '', account = '']) => [account, partition]));
  }

  world(): World {
    const { roles, tagGuards, grants, secrets, services, platforms } = this;
    const operators = operatorsIn(this.sources, platforms);
    return { roles, tagGuards, grants, operators, secrets, services, platforms };
  }

  read({ path, text }: File): void {
    const [top, owner = '', kind = '', ...rest] = path.split('/');
    const name = (rest.at(-1) ?? '').replace(/\.\w+$/, '');
    if (top === 'clusters') {
      const objects = loadAll(text).filter((object) => object !== null && object !== undefined);
      if (kind === 'services') this.services.push({ cluster: owner, service: name, objects });
      else this.platforms.set(owner, [...(this.platforms.get(owner) ?? []), ...objects]);
    }
    if (top !== 'aws') return;
    const content: Json = JSON.parse(text);
    if (kind === 'cloudformation.json') this.cloudFormation(owner, content);
    else if (kind === 'terraform.tf.json') this.terraform(owner, content);
    else if (kind === 'tag-guard.json') this.tagGuards.set(owner, content);
    else if (kind === 'eksctl') this.eksctl(owner, content);
    else if (kind === 'pod-identity') this.podIdentity(content);
    else if (kind === 'secrets') this.secretsIn(owner, rest[0] ?? '', content);
    else if (kind === 'roles' && name === 'policy') this.folder(owner, rest[0] ?? '', content);
  }

  private arn(account: string, path: string, name: string): string {
    return `arn:${this.partitions.get(account) ?? 'aws'}:iam::${account}:role${path}${name}`;
  }

  /**
   * A folder does not say a role's path: CloudFormation does, or another role that names it. When none does any more the
   * role keeps the path that it has: IAM changes none.
   */
  private folder(account: string, name: string, policy: Document): void {
    const template: Json = JSON.parse(this.files.get(`aws/${account}/cloudformation.json`) ?? '{}');
    const made: Json[] = Object.values(template.Resources ?? {});
    const own = made.find(({ Properties }) => Properties?.RoleName === name)?.Properties;
    const named = this.texts.flatMap((text) => [
      ...text.matchAll(/"arn:[a-z-]+:iam::(\d+):role(\/(?:[^"]*\/)?)([^"/]*)"/g),
    ]);
    const elsewhere = named.find(([, its, , one]) => its === account && one === name);
    const path = own?.Path ?? elsewhere?.[2] ?? '/';
    const trust = this.files.get(`aws/${account}/roles/${name}/trust.json`);
    this.roles.push({
      from: `roles of ${account}`,
      arn: this.arn(account, path, name),
      ...(trust !== undefined && { trust: JSON.parse(trust) }),
      policies: [policy],
    });
  }

  private cloudFormation(account: string, { Resources }: Json): void {
    for (const { Type, Properties } of Object.values<Json>(Resources)) {
      if (Type !== 'AWS::IAM::Role') throw new NotJudged(`a resource ${Type}`);
      const { RoleName, Path, AssumeRolePolicyDocument, Policies = [], ManagedPolicyArns } = Properties;
      if (ManagedPolicyArns !== undefined) throw new NotJudged('managed policies');
      this.roles.push({
        from: `CloudFormation of ${account}`,
        arn: this.arn(account, Path ?? '/', RoleName),
        trust: AssumeRolePolicyDocument,
        policies: Policies.map(({ PolicyDocument }: Json) => PolicyDocument),
      });
    }
  }

  private terraform(account: string, { resource }: Json): void {
    const roles = Object.entries<Json>(resource.aws_iam_role ?? {});
    const policies = Object.values<Json>(resource.aws_iam_role_policy ?? {});
    const fileIn = (text: string): Document => {
      const path = /^\$\{file\("\$\{path\.module\}\/(.*)"\)\}$/.exec(text)?.[1] ?? '';
      return JSON.parse(this.files.get(`aws/${account}/${path}`) ?? '');
    };
    for (const [id, { name, path, assume_role_policy }] of roles) {
      const own = policies.filter(({ role }) => role === `\${aws_iam_role.${id}.name}` || role === name);
      this.roles.push({
        from: `Terraform of ${account}`,
        arn: this.arn(account, path ?? '/', name),
        trust: fileIn(assume_role_policy),
        policies: own.map(({ policy }) => fileIn(policy)),
      });
    }
  }

  private eksctl(account: string, { metadata: { name: cluster }, iam }: Json): void {
    for (const { metadata, roleName, attachPolicy } of iam.serviceAccounts) {
      const role = this.arn(account, '/', roleName);
      const subject = subjectOf(metadata.namespace, metadata.name);
      this.grants.push({ cluster, kind: 'eksctl', role, subject });
      this.roles.push({ from: `eksctl of ${cluster}`, arn: role, policies: [attachPolicy] });
    }
  }

  private podIdentity({ Resources }: Json): void {
    for (const { Properties } of Object.values<Json>(Resources)) {
      const {
        ClusterName: cluster,
        RoleArn,
        Namespace,
        ServiceAccount,
        Policy,
        DisableSessionTags,
      } = Properties;
      if (DisableSessionTags !== true) throw new NotJudged('session tags of EKS Pod Identity');
      const subject = subjectOf(Namespace, ServiceAccount);
      const sessionPolicy = Policy === undefined ? {} : { sessionPolicy: JSON.parse(Policy) as Document };
      this.grants.push({ cluster, kind: 'pod', role: RoleArn, subject, ...sessionPolicy });
    }
  }

  private secretsIn(account: string, region: string, { Resources }: Json): void {
    for (const { Type, Properties } of Object.values<Json>(Resources)) {
      if (Type !== 'AWS::SecretsManager::Secret') throw new NotJudged(`a resource ${Type}`);
      const { Name, Tags, KmsKeyId, ReplicaRegions = [] } = Properties;
      const tags = new Map<string, string>(Tags.map(({ Key, Value }: Json) => [Key, Value]));
      for (const place of [{ Region: region, KmsKeyId }, ...ReplicaRegions])
        this.secrets.push({
          account,
          region: place.Region,
          name: Name,
          tags,
          ...(place.KmsKeyId !== undefined && { kmsKey: place.KmsKeyId }),
        });
    }
  }
}
