import { type DistFile, withHeader } from '../dist/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Fleet } from '../fleet/model.ts';
import { gitopsFiles } from '../gitops/files.ts';
import { guardFiles } from '../guard/files.ts';
import { roleFiles, secretFiles } from '../iam/files.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { tenantObjects } from '../manifests/service-chart.ts';
import { tenantFile } from '../manifests/tenant-file.ts';
import { CrossChecks, createValidator, generatedCrds, type Validator } from '../validate/index.ts';

/** A part of a fleet that is compiled by itself: everything of the fleet, but only some of its tenants and secrets. */
export interface Part {
  readonly fleet: Fleet;
  /** Name of the input file, for the headers. */
  readonly source: string;
}

/** What a part compiles to. */
export interface CompiledPart {
  readonly files: readonly DistFile[];
  readonly findings: readonly Finding[];
  /** How many Kubernetes objects were made. */
  readonly objects: number;
}

/** What validates every object that is generated. */
export function objectValidator(): Validator {
  return createValidator(generatedCrds);
}

/** What stands once for each cluster, each account and the whole fleet: guards, roles, objects of Argo CD and Flux. */
export function compilePlatform({ fleet, source }: Part): CompiledPart {
  const work = new Work(source, objectValidator());
  for (const cluster of fleet.clusters) {
    for (const part of guardFiles(fleet, cluster)) work.addManifests(cluster.name, part, part.objects);
  }
  for (const part of gitopsFiles(fleet)) work.addManifests(part.cluster, part, part.objects);
  return work.compiled(roleFiles(fleet));
}

/**
 * The manifests of a part's tenants, and what its secrets are like in AWS.
 *
 * No two tenants of a cluster share a namespace, as `resolveFleet` sees to, and none has an object elsewhere: so what
 * only several objects show is seen within each part.
 *
 * @param onTenant called after each tenant
 * @param validator from `objectValidator`; parts of one fleet share it, for it reads the schemas once
 */
export function compilePart(
  { fleet, source }: Part,
  onTenant: () => void,
  validator: Validator = objectValidator(),
): CompiledPart {
  const work = new Work(source, validator);
  for (const tenant of fleet.tenants) {
    const objects = tenantObjects(tenant, fleet.release);
    work.addManifests(tenant.cluster.name, tenantFile(tenant, objects), objects);
    onTenant();
  }
  return work.compiled(secretFiles(fleet));
}

/** The manifests of a part, each validated as it comes. */
class Work {
  private readonly files: DistFile[] = [];
  private readonly findings: Finding[] = [];
  private readonly crossChecks = new Map<string, CrossChecks>();
  private objects = 0;
  private readonly source: string;
  private readonly validator: Validator;

  constructor(source: string, validator: Validator) {
    this.source = source;
    this.validator = validator;
    // cdk8s would not sort maps where somebody has set this: the same input yields the same bytes everywhere.
    delete process.env.CDK8S_DISABLE_SORT;
  }

  addManifests(cluster: string, { path, text }: DistFile, objects: readonly KubernetesObject[]): void {
    const crossChecks = this.crossChecks.get(cluster) ?? new CrossChecks();
    this.crossChecks.set(cluster, crossChecks);
    for (const object of objects) {
      crossChecks.add({ object, file: path });
      // What is worth a warning was said of the input, where it has a place.
      const errors = this.validator
        .check({ object, file: path })
        .filter(({ severity }) => severity === 'error');
      this.findings.push(...errors);
    }
    this.files.push({ path, text: withHeader(text, this.source) });
    this.objects += objects.length;
  }

  compiled(others: readonly DistFile[]): CompiledPart {
    const crossFindings = [...this.crossChecks.values()].flatMap((checks) => checks.findings());
    return {
      files: [...this.files, ...others],
      findings: [...this.findings, ...crossFindings],
      objects: this.objects,
    };
  }
}
