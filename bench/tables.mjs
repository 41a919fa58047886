/** What each program took at each size, in Markdown. */
export function timeTable(results) {
  const rows = [...results].flatMap(([size, programs]) =>
    Object.entries(programs).map(([name, { runs, seconds, from, to, cpuSeconds, megabytes }]) => [
      size.toLocaleString('en'),
      name,
      String(runs),
      `${seconds.toFixed(2)} s`,
      `${from.toFixed(2)}–${to.toFixed(2)} s`,
      `${cpuSeconds.toFixed(2)} s`,
      `${megabytes.toFixed(0)} MB`,
    ]),
  );
  return table(['services', 'program', 'runs', 'time', 'shortest–longest', 'CPU time', 'peak memory'], rows);
}

/**
 * The ratios, those that have a goal among them, and how the time grows.
 *
 * @param most the size at which a dist was worked on again
 */
export function ratioTable(results, most) {
  const rows = [...results]
    .filter(([size]) => size > 2)
    .flatMap(([size, programs]) => ratiosAt(size, programs));
  rows.push(...ratiosOnDist(most, results.get(most)), ...growth(results), ...ratiosOfTwo(results.get(2)));
  return table(['what, of what', 'time', 'CPU time', 'peak memory', 'goal'], rows);
}

function ratiosOnDist(size, programs) {
  const {
    'eso-abac': own,
    'one service edited': edited,
    'one edited, --watch': watched,
    check,
    'check in CI': ci,
  } = programs;
  const { validate, kubeconform } = programs;
  const services = named(size);
  return [
    [`${services}: one edited, of all`, ...ratios(edited, own), '≤ 0.25 × time'],
    [`${services}: one edited, --watch, of all`, ...ratios(watched, own), '≤ 0.25 × time'],
    [`${services}: check, of a first run`, ...ratios(check, own), '≤ 0.5 × time'],
    [`${services}: check in CI, of a first run`, ...ratios(ci, own), ''],
    ...(kubeconform
      ? [[`${services}: validate, of kubeconform`, ...ratios(validate, kubeconform), '< 1 × time']]
      : []),
  ];
}

/** From a thousand services on, what does not grow with them matters little. */
function growth(results) {
  const small = results.get(1000)?.['eso-abac'];
  return [10_000, 50_000, 100_000].flatMap((size) => {
    const large = results.get(size)?.['eso-abac'];
    if (small === undefined || large === undefined) return [];
    const goals = { 10000: '≤ 11 × time', 50000: '', 100000: '' };
    const power = (ratio) => (Math.log(ratio) / Math.log(size / 1000)).toFixed(2);
    const rows = [
      [`${named(size)}, of 1,000`, ...ratios(large, small), goals[size]],
      [
        `${named(size)}: services since 1,000 to the power of`,
        ...ratios(large, small, power),
        size === 50_000 ? '≤ 1.05' : '',
      ],
    ];
    if (size === 100_000)
      rows.push([
        `${named(size)}, of 10,000`,
        ...ratios(large, results.get(10_000)['eso-abac']),
        '≤ 4 × memory',
      ]);
    return rows;
  });
}

function ratiosOfTwo({
  'node -e 0': node,
  'eso-abac': own,
  'npm run synth': synth,
  'npx cdk8s synth': cdk8s,
}) {
  return [
    ['2 services: eso-abac, of node -e 0', ...ratios(own, node), '≤ 8 × time'],
    ['2 services: npx cdk8s synth, of npm run synth', ...ratios(cdk8s, synth), '≥ 3 × time'],
  ];
}

function named(size) {
  return `${size.toLocaleString('en')} services`;
}

function ratiosAt(size, { 'eso-abac': own, 'helm template': helm, 'plain cdk8s': cdk8s }) {
  const services = named(size);
  if (helm === undefined) return [];
  const ofHelm = [
    `${services}: eso-abac, of helm`,
    ...ratios(own, helm),
    size === 10_000 ? '≤ 0.5 × time, ≤ 2 × memory' : '',
  ];
  if (cdk8s === undefined) return [ofHelm];
  const ofOwn = [
    `${services}: plain cdk8s, of eso-abac`,
    ...ratios(cdk8s, own),
    size === 4000 ? '≥ 100 × time' : '',
  ];
  return [ofHelm, ofOwn];
}

function ratios(one, other, show = times) {
  return ['seconds', 'cpuSeconds', 'megabytes'].map((field) => show(one[field] / other[field]));
}

function times(ratio) {
  return `${ratio.toFixed(2)} ×`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}
