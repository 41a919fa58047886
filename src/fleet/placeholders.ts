import type { Path } from '../findings/finding.ts';
import { nearest } from '../findings/nearest.ts';
import type { Reporter } from './reporter.ts';

/** What placeholders stand for in one cluster, and for one service when there is one. */
export interface PlaceholderValues {
  readonly service?: string | undefined;
  readonly 'cluster.name': string;
  readonly 'cluster.region': string;
  readonly 'cluster.account': string;
  readonly 'cluster.environment'?: string | undefined;
}

/** The values of one cluster, and of a service there when one is given. */
export function placeholderValues(
  cluster: { name: string; region: string; account: string; environment?: string | undefined },
  service?: string,
): PlaceholderValues {
  return {
    service,
    'cluster.name': cluster.name,
    'cluster.region': cluster.region,
    'cluster.account': cluster.account,
    'cluster.environment': cluster.environment,
  };
}

/** Every placeholder there is. */
const names = [
  'service',
  'cluster.name',
  'cluster.region',
  'cluster.account',
  'cluster.environment',
] as const;

/**
 * Fills `{service}`, `{cluster.region}` and the like into a text.
 *
 * @param path of the text; as a function where it takes long to make
 * @returns the text, or undefined after reporting a placeholder that does not exist or has no value
 */
export function fill(
  text: string,
  values: PlaceholderValues,
  path: Path | (() => Path),
  reporter: Reporter,
): string | undefined {
  if (!text.includes('{')) return text;
  let complete = true;
  const filled = text.replace(/\{([a-z.]+)\}/g, (placeholder, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name as keyof PlaceholderValues] : undefined;
    if (value !== undefined) return value;
    complete = false;
    reportPlaceholder(name, values, typeof path === 'function' ? path() : path, reporter);
    return placeholder;
  });
  return complete ? filled : undefined;
}

function reportPlaceholder(name: string, values: PlaceholderValues, path: Path, reporter: Reporter): void {
  const exists = (names as readonly string[]).includes(name);
  const allowed = names.map((known) => `{${known}}`).join(', ');
  if (!exists) {
    const near = nearest(name, names);
    const message = `"{${name}}" is not a placeholder`;
    reporter.report('unknown-template', path, message, { allowed, nearest: near && `{${near}}` });
    return;
  }
  const message = `"{${name}}" has no value in cluster "${values['cluster.name']}"`;
  const wanted = name.startsWith('cluster.')
    ? `"${name.slice('cluster.'.length)}" set on each cluster that this is used in`
    : 'a place that belongs to one service';
  reporter.report('unknown-template', path, message, { allowed: wanted });
}
