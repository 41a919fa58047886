import fc from 'fast-check';

/** A service of an input that is edited. */
interface Service {
  name: string;
  place: 'usual' | 'other' | 'both';
  secrets: (string | { name: string; keys: Record<string, string> })[];
}

/** An input that is edited, and what is not of it: `settings` are those that are turned on. */
export interface EditedInput {
  services: Service[];
  readonly settings: Set<keyof typeof settings>;
}

/** What is set for all services, each in a few words of its own. What contradicts another is an error of the input. */
const settings = {
  refreshInterval: { defaults: { refreshInterval: '15m' } },
  namespace: { defaults: { namespace: 'team-{service}' } },
  store: { defaults: { store: 'vault' } },
  otherRegion: { defaults: { regions: ['eu-west-1'] } },
  tagKey: { abac: { tagKey: 'owner' } },
  tags: { abac: { tags: { stage: 'in-{cluster.region}', Team: '{service}' } } },
  oldRelease: { externalSecrets: { version: '0.15.1' } },
  olderRelease: { externalSecrets: { version: '0.9.0' } },
  operator: { externalSecrets: { namespace: 'eso', serviceAccount: 'operator' } },
  accessRole: { aws: { accessRole: '/team/reader' } },
  externalId: { aws: { externalId: 'platform-7f3a' } },
  administrators: { aws: { administrators: ['/platform/administrator'] } },
  kmsByTag: { aws: { kms: { byTag: true } } },
  kmsKey: {
    aws: { kms: { keys: ['arn:aws:kms:us-west-2:123456789012:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'] } },
  },
  primaryRegion: { aws: { primaryRegion: 'eu-west-1' } },
  deployers: { guard: { deployers: ['argocd/argocd-application-controller'] } },
  allow: { guard: { allow: ['vault', 'Password'] } },
  unguarded: {
    clusters: {
      'us-west-2': { region: 'us-west-2', kubernetes: '1.28', guard: false },
      'eu-west-1': { region: 'eu-west-1' },
    },
  },
  provider: {
    clusters: {
      'us-west-2': { region: 'us-west-2', podIdentity: true },
      'eu-west-1': { region: 'eu-west-1', controllerRole: 'eso-eu' },
    },
  },
  argocd: { gitops: { repository: 'https://git.example.com/platform.git', argocd: {} } },
  shared: { shared: [{ name: 'common', services: '*', secrets: ['common/key'] }] },
  misspelt: { service: [] },
  wrongTag: { abac: { tags: { 'aws:tag': 'x' } } },
} as const;

/** The text of services.yaml: JSON is YAML, too. */
export function inputText({ services, settings: on }: EditedInput): string {
  const spec: Record<string, unknown> = {
    version: 1,
    aws: { account: '123456789012' },
    defaults: { regions: ['us-west-2'] },
  };
  for (const name of on)
    for (const [key, value] of Object.entries(settings[name]))
      spec[key] = Array.isArray(value) ? value : { ...(spec[key] as object), ...(value as object) };
  const places = {
    usual: {},
    other: { regions: ['eu-west-1'] },
    both: { regions: ['us-west-2', 'eu-west-1'] },
  };
  spec.services = services.map(({ name, place, secrets }) => ({ name, ...places[place], secrets }));
  return JSON.stringify(spec);
}

/** Changes an input; `which` says of what there are several. */
export type Edit = (input: EditedInput, which: number) => void;

const service = ({ services }: EditedInput, which: number): Service =>
  services[which % services.length] as Service;

/** What people do to an input. */
const edits: Readonly<Record<string, Edit>> = {
  add: (input, which) => {
    const name = `added-${which}`;
    if (input.services.every((one) => one.name !== name))
      input.services.splice(which % input.services.length, 0, newService(name));
  },
  remove: (input, which) => {
    if (input.services.length > 1) input.services.splice(which % input.services.length, 1);
  },
  rename: (input, which) => {
    const one = service(input, which);
    one.name = one.name.endsWith('-x') ? one.name.slice(0, -2) : `${one.name}-x`;
  },
  reverse: ({ services }) => void services.reverse(),
  'move to the end': ({ services }, which) =>
    void services.push(...services.splice(which % services.length, 1)),
  'another secret': (input, which) => {
    const one = service(input, which);
    one.secrets = [...one.secrets, `${one.name}/more-${one.secrets.length}`];
  },
  'other keys': (input, which) => {
    const one = service(input, which);
    one.secrets = [{ name: `${one.name}/db`, keys: { toJSON: 'constructor', [`K${which}`]: 'value' } }];
  },
  'fewer secrets': (input, which) => {
    const one = service(input, which);
    one.secrets = one.secrets.slice(0, 1);
  },
  'another place': (input, which) => {
    service(input, which).place = (['usual', 'other', 'both'] as const)[which % 3] ?? 'usual';
  },
  "another's secret": (input, which) => {
    service(input, which).secrets.push(`${service(input, which + 1).name}/db`);
  },
  nothing: () => undefined,
};

const settingEdit =
  (name: keyof typeof settings): Edit =>
  ({ settings: on }) => {
    if (!on.delete(name)) on.add(name);
  };

function newService(name: string): Service {
  return { name, place: 'usual', secrets: [`${name}/db`, `${name}/key`] };
}

/** An input without an error. */
export function inputOf(services: number): EditedInput {
  const names = Array.from({ length: services }, (_, index) => `s${index}`);
  return { services: names.map(newService), settings: new Set() };
}

/** An edit with its name. One of two is of a service; of the others each comes twice as a rule, and is undone by that. */
export const anyEdit: fc.Arbitrary<{ readonly name: string; readonly edit: Edit; readonly which: number }> =
  fc
    .tuple(
      fc.oneof(
        fc.constantFrom(...Object.entries(edits)),
        fc
          .constantFrom(...(Object.keys(settings) as (keyof typeof settings)[]))
          .map((name) => [name, settingEdit(name)] as const),
      ),
      fc.nat(99),
    )
    .map(([[name, edit], which]) => ({ name, edit, which }));
