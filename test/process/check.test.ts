import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { command, servicesYaml, wrongServicesYaml } from '../support/command.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

const services = 'dist/clusters/us-west-2/services';

it.concurrent('check is content with what synth wrote, whatever else stands in dist', () =>
  inFolder(async (folder) => {
    writeFiles(folder, { 'services.yaml': servicesYaml(['payments']), 'dist/notes.txt': 'ours' });
    await command(folder, []);
    const before = readTree(folder);
    const { code, stdout, stderr } = await command(folder, ['check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^dist +up to date: \d+ files\ncompiled +1 service in 1 cluster\nvalidated +16 objects\nproven .*\n$/,
    );
    expect(await command(folder, ['check', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readTree(folder)).toEqual(before);
  }));

it.concurrent('check names each file that is stale, missing, surplus, edited or not ours, and changes none', () =>
  inFolder(async (folder) => {
    const at = (name: string) => path.join(folder, services, `${name}.yaml`);
    writeFiles(folder, { 'services.yaml': servicesYaml(['edited', 'missing', 'stale', 'surplus']) });
    await command(folder, []);
    const yaml = servicesYaml(['edited', 'missing', 'stale']).replace('stale/db', 'stale/other');
    writeFiles(folder, { 'services.yaml': yaml, [`${services}/theirs.yaml`]: 'kind: Secret\n' });
    rmSync(at('missing'));
    appendFileSync(at('edited'), '# by hand\n');
    const before = readTree(folder);

    const text = await command(folder, ['check']);
    expect(text).toMatchObject({ code: 1, stdout: '' });
    for (const [name, rule] of [
      ['edited', 'dist-edited'],
      ['missing', 'dist-missing'],
      ['stale', 'dist-stale'],
      ['surplus', 'dist-surplus'],
      ['theirs', 'dist-foreign'],
    ]) {
      expect(text.stderr).toMatch(new RegExp(`^error: ${services}/${name}\\.yaml .*\\[${rule}\\]$`, 'm'));
    }
    const json = await command(folder, ['check', '--format', 'json']);
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ command: 'check', upToDate: false });
    const github = await command(folder, ['check', '--format', 'github']);
    expect(github).toMatchObject({ code: 1, stderr: '' });
    expect(github.stdout).toContain(`::error title=dist-stale::${services}/stale.yaml is not what the input`);
    expect(readTree(folder)).toEqual(before);

    // What check complained about is what synth mends, but for the file that is not ours.
    rmSync(at('theirs'));
    expect((await command(folder, [])).code).toBe(0);
    expect((await command(folder, ['check'])).code).toBe(0);
    expect(readFileSync(at('edited'), 'utf8')).not.toContain('by hand');
  }));

it.concurrent('check of a wrong input says what is wrong with it, and of no input that there is none', () =>
  inFolder(async (folder) => {
    const none = await command(folder, ['check']);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/^error: services\.yaml cannot be read: it does not exist; .*init.*\n$/);
    writeFiles(folder, { 'services.yaml': wrongServicesYaml });
    const wrong = await command(folder, ['check']);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/\n2 errors\n$/);
    expect(readTree(folder)).toEqual({ 'services.yaml': wrongServicesYaml });
  }));
