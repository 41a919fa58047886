import { createColors } from 'picocolors';
import type { Comparison, Explanation, InputLine, JudgedStatement, Step } from '../explain/model.ts';
import type { SecretSummary, ServiceSummary, StoreSummary } from '../explain/summary.ts';
import type { Location } from '../findings/finding.ts';
import { printable } from './text.ts';

type Colors = ReturnType<typeof createColors>;

const hopNames: Record<Step['hop'], string> = {
  namespace: 'Namespace',
  store: 'SecretStore',
  operator: 'operator',
  role: 'role',
  accessRole: 'access role',
  policy: 'policy',
  secret: 'secret',
  key: 'KMS key',
};

/** Where notes begin: behind the mark and the name of the hop. */
const indent = ' '.repeat(15);

/** Explanations as text: a sentence with the answer, then a line or a few for each hop. */
export function explanationText(all: readonly Explanation[], color: boolean): string {
  const colors = createColors(color);
  return shown(all)
    .map((one) => explained(one, colors))
    .join('\n');
}

function explained(explanation: Explanation, colors: Colors): string {
  const { service, cluster, secret, allowed, meant, asked, steps, input } = explanation;
  const may = allowed ? colors.green('may read') : colors.red('may not read');
  const lines = [`${colors.bold(service)} in ${cluster} ${may} ${colors.bold(secret.name)}`];
  if (allowed && !meant)
    lines.push(colors.red('It should not: the secret is not its own, nor shared with it.'));
  if (!allowed && meant)
    lines.push(colors.red('It should: its namespace may claim the owner of the secret.'));
  if (!allowed && !meant && asked)
    lines.push(colors.red('It asks for it all the same: an ExternalSecret names it.'));
  if (!allowed) lines.push(...failures(steps));
  lines.push('', ...steps.flatMap((step) => stepLines(step, colors)));
  return `${[...lines, ...inputText(input, colors)].join('\n')}\n`;
}

/** The conditions that fail, in sentences. */
function failures(steps: readonly Step[]): string[] {
  const [statement] = steps.find(({ verdict }) => verdict === 'denied')?.statements ?? [];
  if (statement?.effect !== 'Allow') return [];
  const failing = statement.conditions.filter(({ holds }) => holds !== true);
  return failing.map(({ key, operator, request, wanted, written }) => {
    const has = request === undefined ? 'is absent' : `is ${quoted([request].flat())}`;
    return `${key} ${has}, but ${statement.name} wants ${operator} ${wantedText(wanted, written)}`;
  });
}

function stepLines(step: Step, colors: Colors): string[] {
  const { hop, verdict, name, location, notes, tags, statements } = step;
  const marks = {
    ok: colors.green('✓'),
    denied: colors.red('✗'),
    warning: colors.yellow('!'),
    skipped: colors.dim('·'),
  };
  const isBad = verdict === 'denied' || verdict === 'warning';
  const [first, ...others] = statements;
  const place = first === undefined ? location && placeText(location) : statementText(first);
  const head = `${marks[verdict]} ${hopNames[hop].padEnd(13)}${shortArn(name)}${place ? colors.dim(`  ${place}`) : ''}`;
  // Of a hop that lets through, a line is enough where the statement says all there is to say.
  const isBrief = verdict === 'ok' && (hop === 'accessRole' || hop === 'policy' || hop === 'key');
  const noted = isBrief
    ? []
    : notes.map((note, at) => (isBad && at === notes.length - 1 ? colors.red(note) : note));
  const isCarried = hop === 'store' || hop === 'secret';
  const tagged = isCarried ? [`${hop === 'secret' ? 'tags' : 'session tags'} ${tagText(tags)}`] : [];
  return [
    head,
    ...[...noted, ...tagged].map((line) => indent + line),
    ...(first === undefined ? [] : conditionLines(first, verdict, colors)),
    ...others.flatMap((other) => [
      `${indent}${colors.dim(statementText(other))}`,
      ...conditionLines(other, verdict, colors),
    ]),
  ];
}

function statementText({ name, effect, location }: JudgedStatement): string {
  return `${effect === 'Deny' ? 'Deny ' : ''}${name}  ${placeText(location)}`;
}

/** Of a statement that lets through, what it compares; of another one also what it asks for. */
function conditionLines({ conditions }: JudgedStatement, verdict: Step['verdict'], colors: Colors): string[] {
  const shown = conditions.filter((one) =>
    verdict === 'ok' ? isCompared(one) : one.holds !== true || !one.operator.endsWith('Null'),
  );
  const width = Math.max(0, ...shown.map(({ key }) => key.length));
  return shown.map((one) => `${indent}${comparisonText(one, width, verdict, colors)}`);
}

/** Whether one value of the request is compared with another one. */
function isCompared({ wanted, written }: Comparison): boolean {
  return written.some((one, at) => one.includes('${') && one !== wanted[at]);
}

function comparisonText(one: Comparison, width: number, verdict: Step['verdict'], colors: Colors): string {
  const { key, operator, request, wanted, written, holds } = one;
  const has = request === undefined ? 'absent' : quoted([request].flat());
  const from = isCompared(one) ? colors.dim(`  ${written.join(', ')}`) : '';
  const sign = holds === undefined ? '?' : holds ? ' ' : '✗';
  const line = `${sign} ${key.padEnd(width)}  ${has} ${operator} ${wantedText(wanted, written)}`;
  return (holds !== true && verdict === 'denied' ? colors.red(line) : line) + from;
}

function wantedText(wanted: Comparison['wanted'], written: Comparison['written']): string {
  return quoted(wanted.map((one, at) => one ?? `${written[at]}, which has no value`));
}

function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function inputText(input: readonly InputLine[], colors: Colors): string[] {
  if (input.length === 0) return [];
  const places = input.map(({ location }) => `${placeText(location)}:${location.start.column}`);
  const [wide, wider] = [places, input.map(({ what }) => what)].map((all) =>
    Math.max(...all.map((one) => one.length)),
  );
  const line = ({ what, text }: InputLine, at: number) =>
    `${(places[at] ?? '').padEnd(wide ?? 0)}  ${what.padEnd(wider ?? 0)}  ${colors.dim(text)}`;
  return ['', ...input.map(line)];
}

/** What services may read, for a terminal. */
export function serviceText(all: readonly ServiceSummary[], color: boolean): string {
  const colors = createColors(color);
  const blocks = shown(all).map(({ service, cluster, namespace, stores, input }) =>
    [
      `${colors.bold(service)} in ${cluster}, namespace ${namespace}`,
      ...stores.flatMap((store) => storeLines(store, colors)),
      ...inputText(input, colors),
      '',
    ].join('\n'),
  );
  return blocks.join('\n');
}

function storeLines({ name, tags, roles, refused, secrets }: StoreSummary, colors: Colors): string[] {
  const width = Math.max(0, ...secrets.map((secret) => secret.name.length));
  const way = roles.map(shortArn).join(' → ');
  return [
    `  ${name}: ${tagText(tags)} ${colors.dim(`by ${way}`)}`,
    ...(refused === undefined ? [] : [`    ${colors.red(`no session: ${refused}`)}`]),
    ...secrets.map((secret) => {
      const mark = secret.allowed ? (secret.meant ? colors.green('✓') : colors.red('!')) : colors.red('✗');
      const notes = [
        ...(secret.allowed && !secret.meant ? ['not its own'] : []),
        ...(secret.allowed ? [] : [secret.regions.length === 0 ? 'not in dist' : 'may not read it']),
        ...(secret.asked ? [] : ['no ExternalSecret asks for it']),
      ];
      const line = `    ${mark} ${secret.name.padEnd(width)}  ${colors.dim(secret.regions.join(', '))}`;
      return notes.length === 0 ? line : `${line}  ${notes.join(', ')}`;
    }),
  ];
}

/** Who may read secrets, for a terminal. */
export function secretText(all: readonly SecretSummary[], color: boolean): string {
  const colors = createColors(color);
  return shown(all)
    .map(({ name, account, regions, identity, tags, kmsKeys, readers, input }) => {
      const names = readers.map(({ service, cluster }) => `${service} in ${cluster}`);
      const width = Math.max(0, ...names.map((one) => one.length));
      const lines = readers.map(({ allowed, meant, identity: as, store }, at) => {
        const mark = allowed ? (meant ? colors.green('✓') : colors.red('!')) : colors.red('✗');
        const words = allowed ? (meant ? '' : '  not its own') : '  asks for it and may not read it';
        return `  ${mark} ${(names[at] ?? '').padEnd(width)}  ${colors.dim(`as ${as} through ${store}`)}${words}`;
      });
      return [
        `${colors.bold(name)} in ${regions.join(', ')} of account ${account}, owned by ${identity}`,
        `  tags ${tagText(tags)}`,
        ...kmsKeys.map((key) => `  key ${key}`),
        ...(lines.length === 0 ? ['  nobody may read it'] : lines),
        ...inputText(input, colors),
        '',
      ].join('\n');
    })
    .join('\n');
}

function tagText(tags: readonly { readonly key: string; readonly value: string }[]): string {
  return tags.length === 0 ? 'none' : tags.map(({ key, value }) => `${key}=${value}`).join(', ');
}

function shortArn(arn: string): string {
  return arn.startsWith('arn:') ? arn.slice(arn.lastIndexOf('/') + 1) : arn;
}

function placeText({ file, start }: Location): string {
  return `${file}:${start.line}`;
}

/** Data whose texts can do no harm to a terminal. */
function shown<Data>(data: Data): Data {
  return JSON.parse(
    JSON.stringify(data, (_, value) => (typeof value === 'string' ? printable(value) : value)),
  );
}
