import type { Mapping } from '../../src/proof/files/store.ts';
import type { AdmissionRequest } from '../../src/proof/guard/model.ts';
import { creation, deletion, type Kind, kinds, update } from '../../src/proof/guard/requests.ts';
import { binding, policy } from '../proof/guard/platform.ts';
import { Chance } from './chance.ts';

/** Writes admission policies by chance, and requests that they may be about. */
export class Policies extends Chance {
  /** One that refuses whatever it is about, with its bindings. */
  objects(): Mapping[] {
    const expression = this.rarely(4, () => this.pick(expressions)) ?? 'false';
    const spec = {
      matchConstraints: { ...this.match(), resourceRules: this.odd(this.several(3, () => this.rule())) },
      validations: this.odd([{ expression: 'false' }, { expression }]),
    };
    return [policy(spec), ...this.several(2, () => 0).map((_, index) => this.binding(`stores-${index}`))];
  }

  private binding(name: string): Mapping {
    const validationActions = this.rarely(8, () => this.pick([['Audit'], ['Deny', 'Audit'], []])) ?? ['Deny'];
    const matchResources = {
      ...this.match(),
      ...this.maybe('resourceRules', () => this.several(2, () => this.rule())),
    };
    return {
      ...binding({
        policyName: 'stores',
        validationActions,
        ...this.maybe('matchResources', () => matchResources),
      }),
      metadata: { name },
    };
  }

  private match(): Mapping {
    return {
      ...this.maybe('matchPolicy', () => 'Equivalent'),
      ...this.maybe('namespaceSelector', () => this.selector()),
      ...this.maybe('objectSelector', () => this.selector()),
      ...this.rarely(8, () => ({ excludeResourceRules: this.several(2, () => this.rule()) })),
    };
  }

  private rule(): Mapping {
    const some = (items: readonly string[]) => this.odd(this.several(2, () => this.odd(this.pick(items))));
    const someOrAll = (all: string, items: readonly string[]) => this.rarely(2, () => [all]) ?? some(items);
    return {
      apiGroups: someOrAll('*', groups),
      apiVersions: someOrAll('*', ['v1', 'v1beta1', 'V1']),
      resources: someOrAll('*/*', resources),
      operations: someOrAll('*', ['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
      ...this.maybe('scope', () => this.pick(['*', '*', 'Cluster', 'Namespaced'])),
      ...this.rarely(8, () => ({ resourceNames: some(['a', 'b', '']) })),
    };
  }

  private selector(): Mapping {
    const value = () => this.odd(this.pick(values));
    const expression = () => {
      const operator = this.odd(this.pick(['In', 'NotIn', 'Exists', 'DoesNotExist']));
      const isAmong = /In$/.test(String(operator)) !== (this.rarely(20, () => true) ?? false);
      return { key: this.odd(this.pick(keys)), operator, ...(isAmong && { values: this.several(2, value) }) };
    };
    return {
      ...this.maybe('matchLabels', () => ({ [this.pick(keys)]: value() })),
      ...this.maybe('matchExpressions', () => this.several(2, expression)),
    };
  }

  request(): AdmissionRequest {
    const kind = this.pick<Kind>([...Object.values(kinds), { ...kinds.SecretStore, ...other }]);
    const [object, before] = [this.object(), this.object()];
    const namespace = this.object();
    const version = kind.group === 'external-secrets.io' ? this.pick(['v1', 'v1beta1']) : kind.version;
    const subresource = this.pick(['', kind.kind === 'Namespace' ? 'finalize' : '', 'status']);
    return this.pick([
      () => creation(kind, object, namespace, { version }),
      () => update(kind, before, object, namespace, { version, subresource }),
      () => deletion(kind, before, namespace, { version }),
    ])();
  }

  private object(): Mapping {
    const labels = () => Object.fromEntries(this.several(3, () => [this.pick(keys), this.pick(values)]));
    return { metadata: { name: this.pick(['a', 'b', 'c']), labels: this.rarely(2, labels) ?? {} } };
  }
}

const other = { kind: 'PushSecret', resource: 'pushsecrets' };

const resources = [
  ...[
    '*',
    '*/*',
    'secretstores',
    'externalsecrets',
    'namespaces',
    'clusterroles',
    'SecretStores',
    'secretstore',
  ],
  ...[
    'secretstores/*',
    'namespaces/*',
    'namespaces/status',
    '*/status',
    '*/finalize',
    '*/',
    'secretstores/',
    '/status',
  ],
  ...['namespaces/status/x', 'secretstores/*/x', '*/*/*', '*/status/x', 'namespaces//status'],
];

const groups = ['', 'external-secrets.io', 'rbac.authorization.k8s.io', 'External-Secrets.io', 'apps'];

// Few, so that some are the same.
const keys = ['a', 'a', 'a', 'a', 'b', 'eso-abac/service', 'toString'];
const values = ['a', 'a', 'b', ''];

/** Some are true or false to the API server, and others may be anything. */
const expressions = [
  ...[
    'dyn(false)',
    'object.a',
    '!object.a',
    'object.a || false',
    'object.?a.orValue(false)',
    'has(object.a)',
  ],
  ...[
    'has(object.a) ? object.b : false',
    'object.a == object.b',
    'request.dryRun',
    "'a' in object",
    '1',
    "'a' + object.a",
  ],
];
