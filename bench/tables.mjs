/** What each program took at each size, and the two ways to compile the repository's own two services, in Markdown. */
export function timeTable(results, synth) {
  const rows = [...results, [2, synth]].flatMap(([size, programs]) =>
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

/** The ratios, those that have a goal among them, and how the time grows. */
export function ratioTable(results, synth) {
  const rows = [...results].flatMap(([size, programs]) => ratiosAt(size, programs));
  const [small, large] = [1000, 10_000].map((size) => results.get(size)?.['eso-abac']);
  if (small && large) {
    rows.push(['10,000 services, of 1,000', ...ratios(large, small), '≤ 11 × time']);
    rows.push(['growth: services to the power of', ...ratios(large, small, exponent), '']);
  }
  const { 'npm run synth': own, 'npx cdk8s synth': cdk8s } = synth;
  rows.push(['2 services: npx cdk8s synth, of npm run synth', ...ratios(cdk8s, own), '≥ 2 × time']);
  return table(['what, of what', 'time', 'CPU time', 'peak memory', 'goal'], rows);
}

function ratiosAt(size, { 'eso-abac': own, 'helm template': helm, 'plain cdk8s': cdk8s }) {
  const services = `${size.toLocaleString('en')} services`;
  const ofHelm = [
    `${services}: eso-abac, of helm`,
    ...ratios(own, helm),
    size === 10_000 ? '≤ 1.5 × time' : '',
  ];
  if (cdk8s === undefined) return [ofHelm];
  const ofOwn = [
    `${services}: plain cdk8s, of eso-abac`,
    ...ratios(cdk8s, own),
    size === 4000 ? '≥ 30 × time' : '',
  ];
  return [ofHelm, ofOwn];
}

function ratios(one, other, show = times) {
  return ['seconds', 'cpuSeconds', 'megabytes'].map((field) => show(one[field] / other[field]));
}

/** By which power of ten something grows when there are ten times as many services. */
function exponent(ratio) {
  return Math.log10(ratio).toFixed(2);
}

function times(ratio) {
  return `${ratio.toFixed(2)} ×`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}
