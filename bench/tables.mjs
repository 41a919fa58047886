/** What each program took at each size, and the two ways to compile the repository's own two services, in Markdown. */
export function timeTable(results, synth) {
  const rows = [...results, [2, synth]].flatMap(([size, programs]) =>
    Object.entries(programs).map(([name, { seconds, from, to, cpuSeconds, megabytes }]) => [
      size.toLocaleString('en'),
      name,
      `${seconds.toFixed(2)} s`,
      `${from.toFixed(2)}–${to.toFixed(2)} s`,
      `${cpuSeconds.toFixed(2)} s`,
      `${megabytes.toFixed(0)} MB`,
    ]),
  );
  return table(['services', 'program', 'time', 'shortest–longest', 'CPU time', 'peak memory'], rows);
}

/** The ratios that have a goal, and how the time grows. */
export function ratioTable(results, synth) {
  const at = (size, name) => results.get(size)?.[name];
  const rows = [];
  for (const [size, programs] of results) {
    const { 'eso-abac': own, 'helm template': helm, 'plain cdk8s': cdk8s } = programs;
    const services = `${size.toLocaleString('en')} services`;
    rows.push([
      `${services}: time, of helm's`,
      times(own.seconds / helm.seconds),
      size === 10_000 ? '≤ 1.5 ×' : '',
    ]);
    rows.push([`${services}: memory, of helm's`, times(own.megabytes / helm.megabytes), '']);
    if (cdk8s) {
      rows.push([
        `${services}: faster than plain cdk8s`,
        times(cdk8s.seconds / own.seconds),
        size === 4000 ? '≥ 30 ×' : '',
      ]);
    }
  }
  const [small, large] = [at(1000, 'eso-abac'), at(10_000, 'eso-abac')];
  if (small && large) {
    rows.push(['10,000 services: time, of 1,000', times(large.seconds / small.seconds), '≤ 11 ×']);
    rows.push([
      'growth of time: services to the power of',
      Math.log10(large.seconds / small.seconds).toFixed(2),
      '',
    ]);
    rows.push([
      'growth of memory: services to the power of',
      Math.log10(large.megabytes / small.megabytes).toFixed(2),
      '',
    ]);
  }
  const faster = synth['npx cdk8s synth'].seconds / synth['npm run synth'].seconds;
  rows.push(['two services: npm run synth faster than npx cdk8s synth', times(faster), '≥ 2 ×']);
  return table(['ratio of the medians', '', 'goal'], rows);
}

function times(ratio) {
  return `${ratio.toFixed(2)} ×`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}
