import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commentMarker } from '../../src/report/diff-markdown.ts';
import { type Ended, inFolder, runProgram, writeFiles } from '../support/run.ts';
import { type GitHub, startGitHub } from './github.ts';

const script = path.resolve('ci/comment.mjs');
const token = 'ghs_0123456789';
const first = `${commentMarker}\none grant\n`;

interface Run extends Ended {
  readonly summary: string;
}

/** Runs the script with a text against a server. */
function comment(github: GitHub, text: string | undefined, env: Readonly<Record<string, string>> = {}) {
  return inFolder(async (folder): Promise<Run> => {
    if (text !== undefined) writeFiles(folder, { 'diff.md': text });
    const summary = path.join(folder, 'summary.md');
    const ended = await runProgram(process.execPath, [script, 'diff.md'], {
      cwd: folder,
      env: {
        TOKEN: token,
        COMMENT: 'true',
        PULL_REQUEST: '7',
        AUTHOR: 'github-actions[bot]',
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: 'owner/repo',
        GITHUB_STEP_SUMMARY: summary,
        ...env,
      },
    });
    expect(ended.stdout + ended.stderr).not.toContain(token);
    return { ...ended, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' };
  });
}

async function withGitHub(
  use: (github: GitHub) => Promise<void>,
  refusal?: { readonly status: number; readonly message: string },
): Promise<void> {
  const github = await startGitHub(token, refusal);
  try {
    await use(github);
  } finally {
    github.close();
  }
}

const other = (id: number, login: string, body: string | null) => ({ id, body, user: { login } });

describe.concurrent('ci/comment.mjs', () => {
  it('comments once, and updates that comment in place, behind hundreds of others', () =>
    withGitHub(async (github) => {
      for (let id = 1; id <= 250; id++) github.comments.push(other(id, 'ann', `comment ${id}`));
      expect(await comment(github, first)).toMatchObject({ code: 0, stdout: 'commented\n', summary: '' });
      github.comments.push(other(900, 'bob', null), { id: 901, body: 'from a ghost', user: null });
      const second = first.replace('one grant', 'two grants');
      expect(await comment(github, second)).toMatchObject({ code: 0, stdout: 'updated the comment\n' });
      const ours = github.comments.filter(({ body }) => body?.startsWith(commentMarker));
      expect(ours.map(({ body }) => body)).toEqual([second]);
      expect(github.comments).toHaveLength(253);
    }));

  it('never writes into the comment of somebody else who copied the marker', () =>
    withGitHub(async (github) => {
      const forged = other(1, 'mallory', `${commentMarker}\nno change\n`);
      github.comments.push(forged, other(2, 'github-actions[bot]', `see ${commentMarker}`));
      expect(await comment(github, first)).toMatchObject({ code: 0 });
      expect(github.comments.map(({ body }) => body)).toEqual([
        `${commentMarker}\nno change\n`,
        `see ${commentMarker}`,
        first,
      ]);
    }));

  it('cuts what is too long at the end of a line, and says so', () =>
    withGitHub(async (github) => {
      const long = `${commentMarker}\n${'a line of forty characters, or so it is\n'.repeat(5000)}`;
      expect(await comment(github, long)).toMatchObject({ code: 0 });
      const body = github.comments[0]?.body ?? '';
      expect(body.length).toBeLessThanOrEqual(65_536);
      expect(body).toMatch(/or so it is\n\nThe rest is too long for a comment; .*\n$/);
    }));

  it.each([
    ['is missing', undefined],
    ['is empty, for the diff has failed', ''],
  ])('replaces an older comparison when the new one %s', (_, text) =>
    withGitHub(async (github) => {
      await comment(github, first);
      expect(await comment(github, text)).toMatchObject({ code: 0 });
      expect(github.comments).toHaveLength(1);
      expect(github.comments[0]?.body).toContain('There is no comparison');
    }),
  );

  it('passes any text on as it is: it is data in JSON', () =>
    withGitHub(async (github) => {
      const hostile = `${commentMarker}\n"}, {"x":\n::error::x\n\${{ secrets.TOKEN }} $(id) \`id\` \u0000 \u202e é 𝕏\n`;
      expect(await comment(github, hostile)).toMatchObject({ code: 0, stdout: 'commented\n', stderr: '' });
      expect(github.comments[0]?.body).toBe(hostile);
    }));

  it('writes to the summary of the job where the token only reads, as for a fork', () =>
    withGitHub(
      async (github) => {
        const run = await comment(github, first);
        expect(run).toMatchObject({ code: 0, summary: `${first}\n` });
        expect(run.stdout).toContain('see the summary');
        expect(github.comments).toEqual([]);
      },
      { status: 403, message: 'Resource not accessible by integration' },
    ));

  it.each([
    ['a comment is not wanted', { COMMENT: 'false' }],
    ['there is no pull request', { PULL_REQUEST: '' }],
  ])('asks nothing of GitHub when %s', (_, env) =>
    withGitHub(async (github) => {
      expect(await comment(github, first, env)).toMatchObject({ code: 0, summary: `${first}\n` });
      expect(github.requests).toEqual([]);
    }),
  );

  it('fails with one line when GitHub refuses or is away; that line is no command, and holds no token', () =>
    withGitHub(
      async (github) => {
        const wrong = await comment(github, first, { TOKEN: 'ghs_wrong' });
        expect(wrong).toMatchObject({ code: 1, stderr: '', summary: '' });
        expect(wrong.stdout).toBe(
          'error: the comment cannot be written: GitHub answers 401: Bad credentials: Bearer ***\n',
        );
        const refused = await comment(github, first);
        expect(refused).toMatchObject({ code: 1, stderr: '' });
        expect(refused.stdout).toBe(
          'error: the comment cannot be written: GitHub answers 422: bad ::add-mask::x\n',
        );
        const away = await comment(github, first, { GITHUB_API_URL: 'http://127.0.0.1:1' });
        expect(away).toMatchObject({ code: 1, stderr: '' });
        expect(away.stdout).toMatch(/^error: the comment cannot be written: .+\n$/);
      },
      { status: 422, message: 'bad\n::add-mask::x' },
    ));
});
