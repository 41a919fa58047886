import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadInput } from '../../src/input/load.ts';
import { InputMemory } from '../../src/input/memory.ts';
import { servicesYaml } from '../support/command.ts';
import { inFolder } from '../support/run.ts';

const yaml = servicesYaml(['a', 'b', 'c']);

it('services that were read before are the very same, and what is wrong with others is found where it stands', () =>
  inFolder((folder) => {
    const file = path.join(folder, 'services.yaml');
    const memory = new InputMemory();
    const load = (text: string) => {
      writeFileSync(file, text);
      const { locate: _, ...read } = loadInput(file, memory);
      const { locate, ...fresh } = loadInput(file);
      expect(read).toEqual(fresh);
      return read;
    };
    const [a, b, c] = load(yaml).spec?.services ?? [];
    const edited = load(yaml.replace('b/db', 'b/other')).spec?.services;
    expect(edited?.map((one) => [a, b, c].includes(one))).toEqual([true, false, true]);
    const [wrong] = load(
      yaml.replace('regions: [us-west-2], secrets: [c/db]', 'regions: [us], secrets: [c/db]'),
    ).findings;
    expect(wrong?.location?.start.line).toBe(7);
    expect(load(yaml).spec?.services?.[0]).toBe(a);
    expect(load(yaml.replace('version: 1', 'version: 2')).findings).toHaveLength(1);
    for (const text of [
      '',
      'a',
      '- a',
      'services: a',
      'services: [a, 1]',
      'services:',
      'version: 1',
      'aws: {}',
    ])
      expect(load(`${text}\n`).findings.length, text).toBeGreaterThan(0);
  }));
