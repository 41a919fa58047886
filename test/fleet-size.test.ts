import { describe, expect, it } from 'vitest';
import type { Finding, Locate } from '../src/findings/finding.ts';
import type { Cluster, Fleet, Tenant } from '../src/fleet/model.ts';
import { resolveFleet } from '../src/fleet/resolve.ts';
import { sizeFindings } from '../src/fleet/size.ts';

/** The path itself in the place of a file. */
const at: Locate = (path) => ({
  file: path.join('.'),
  start: { line: 1, column: 1 },
  end: { line: 1, column: 2 },
});

const asText = ({ severity, message, location }: Finding) => `${location?.file} ${severity}: ${message}`;

/** What is reported of so many services in each cluster, each with four objects. */
function findingsOf(services: Record<string, number>, applicationFor?: 'cluster' | 'service'): string[] {
  const tenants = Object.entries(services).flatMap(([name, count]) => {
    const tenant = {
      cluster: { name } as Cluster,
      stores: [{}],
      externalSecrets: [{}, {}],
    } as unknown as Tenant;
    return Array<Tenant>(count).fill(tenant);
  });
  const gitops = applicationFor && {
    argocd: { namespace: 'argocd', applicationFor, destinations: new Map() },
  };
  const fleet = { tenants, ...(gitops && { gitops }) } as unknown as Fleet;
  return sizeFindings(fleet, at).map(asText);
}

describe('the size of a fleet', () => {
  it('is a warning for a cluster with more namespaces than Kubernetes is tested with', () => {
    expect(findingsOf({ prod: 10_000, staging: 10_000 })).toEqual([]);
    expect(findingsOf({ prod: 10_001, staging: 10_000 })).toEqual([
      'clusters.prod warning: cluster "prod" would have 10001 namespaces of services',
    ]);
  });

  it('is one warning for Applications with more objects than Argo CD can list', () => {
    expect(findingsOf({ prod: 500, staging: 1 }, 'cluster')).toEqual([]);
    expect(findingsOf({ prod: 501 })).toEqual([]);
    expect(findingsOf({ prod: 501, staging: 500 }, 'cluster')).toEqual([
      'gitops.argocd.applicationFor warning: the Application of the services in cluster "prod" would have 2004 objects',
    ]);
    expect(findingsOf({ prod: 501, staging: 600, test: 501 }, 'cluster')).toEqual([
      'gitops.argocd.applicationFor warning: the Application of the services in cluster "staging" would have 2400 objects; too many for 2 other clusters as well',
    ]);
  });

  it('is a warning for more Applications than one Argo CD is known to take', () => {
    expect(findingsOf({ prod: 5000, staging: 5000 }, 'service')).toEqual([]);
    expect(findingsOf({ prod: 5000, staging: 5001 }, 'service')).toEqual([
      'gitops.argocd.applicationFor warning: Argo CD would have 10001 Applications of services',
    ]);
  });
});

describe('an identity with more secrets than CloudFormation takes in a template', () => {
  const findingsOf = (count: number, primaryRegion?: string) => {
    const secrets = Array.from({ length: count }, (_, index) => `s_${index}`);
    const regions = ['us-west-2', 'eu-west-1'];
    const services = [{ name: 'payments', regions, secrets }];
    const aws = { account: '111111111111', ...(primaryRegion !== undefined && { primaryRegion }) };
    return resolveFleet({ version: 1, aws, services }, (path) => at(path.slice(0, 4)))
      .findings.filter(({ rule }) => rule === 'template-size')
      .map(asText);
  };

  it('is a warning at the first that is too many, in each region', () => {
    const text = (region: string) =>
      `services.0.secrets.500 warning: "payments" has more secrets in ${region} of account 111111111111 than CloudFormation takes in the template that makes them`;
    expect(findingsOf(500)).toEqual([]);
    expect(findingsOf(502)).toEqual([text('us-west-2'), text('eu-west-1')]);
    expect(findingsOf(502, 'us-west-2')).toEqual([text('us-west-2')]);
  });
});
