import type { Locate, Location, Path } from '../findings/finding.ts';
import type { SecretSpec, Spec } from '../input/schema.ts';
import type { InputLine } from './model.ts';

/** The input, as far as lines of it are looked up. */
export interface InputText {
  readonly spec: Spec;
  readonly locate: Locate;
  readonly sources: ReadonlyMap<string, string>;
}

/** Of which service, cluster and secret the lines are. */
export interface Asked {
  readonly service: string;
  readonly cluster: string;
  /** Absent when only the service's own line is wanted. */
  readonly secret?: { readonly name: string; readonly identity: string };
}

/** The lines of the input from which dist follows: the service, and where the secret is listed, its own or shared. */
export function inputLines(input: InputText, { service, cluster, secret }: Asked): InputLine[] {
  const { services = [], shared: entries = [] } = input.spec;
  const at = services.findIndex(({ name }) => name === service);
  const ofService = at < 0 ? [] : [line(input, ['services', at, 'name'], `service ${service}`)];
  if (secret === undefined) return ofService;
  const { identity, name } = secret;
  const owner = services.findIndex((one) => one.name === identity);
  if (owner >= 0) {
    const list = { path: ['services', owner, 'secrets'], secrets: services[owner]?.secrets ?? [] };
    return [
      ...ofService,
      ...entryLines(input, list, { service: identity, cluster, name }, `${name} is ${identity}'s`),
    ];
  }
  const shared = entries.findIndex((one) => one.name === identity);
  const entry = entries[shared];
  if (entry === undefined) return ofService;
  const list = { path: ['shared', shared, 'secrets'], secrets: entry.secrets };
  return [
    ...ofService,
    ...readerLines(input, shared, entry.services, service),
    ...entryLines(input, list, { service, cluster, name }, `${name} is shared as ${identity}`),
  ];
}

function readerLines(
  input: InputText,
  shared: number,
  readers: '*' | readonly string[],
  service: string,
): InputLine[] {
  const path = ['shared', shared, 'services'];
  if (readers === '*') return [line(input, path, 'shared with every service')];
  if (input.spec.shared?.[shared]?.name === service) return [line(input, path, 'shared with')];
  const at = readers.indexOf(service);
  return at < 0
    ? [line(input, path, `not shared with ${service}`)]
    : [line(input, [...path, at], `shared with ${service}`)];
}

function entryLines(
  input: InputText,
  { path, secrets }: { readonly path: Path; readonly secrets: readonly SecretSpec[] },
  values: { readonly service: string; readonly cluster: string; readonly name: string },
  what: string,
): InputLine[] {
  return secrets.flatMap((entry, index) => {
    const written = typeof entry === 'string' ? entry : entry.name;
    if (!isNamed(written, values, input.spec)) return [];
    const place = typeof entry === 'string' ? [...path, index] : [...path, index, 'name'];
    return [line(input, place, what)];
  });
}

/** Whether an entry names a secret, by its name or an ARN, once its placeholders are filled in. */
function isNamed(
  written: string,
  { service, cluster, name }: { readonly service: string; readonly cluster: string; readonly name: string },
  { clusters, aws }: Spec,
): boolean {
  const own = clusters?.[cluster];
  const values: Readonly<Record<string, string | undefined>> = {
    service,
    'cluster.name': cluster,
    'cluster.region': own?.region ?? cluster,
    'cluster.account': own?.account ?? aws.account,
    'cluster.environment': own?.environment,
  };
  const filled = written.replace(/\{([a-z.]+)\}/g, (text, key: string) =>
    Object.hasOwn(values, key) ? (values[key] ?? text) : text,
  );
  const plain = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.*)$/.exec(filled)?.[1];
  return filled === name || plain === name || plain?.replace(/-[A-Za-z0-9]{6}$/, '') === name;
}

function line({ locate, sources }: InputText, path: Path, what: string): InputLine {
  const location: Location = locate(path);
  const text = sources.get(location.file)?.split('\n')[location.start.line - 1] ?? '';
  return { location, text: text.trim(), what };
}
