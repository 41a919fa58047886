// Writes a comparison as a comment on a pull request: the same comment is updated in place. A step of action.yml.
//
//   node comment.mjs FILE
//
// Environment: TOKEN, PULL_REQUEST (its number), AUTHOR (whose comment it is), COMMENT ("true" or not), and what GitHub
// sets: GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_STEP_SUMMARY. Where there may be no comment, as for a pull request
// from a fork, whose token only reads, it goes to the summary of the job.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What `eso-abac diff --format markdown` begins with. */
const marker = '<!-- eso-abac diff -->';

/** GitHub takes no longer comment. */
const maxLength = 65_536;

const perPage = 100;

const { TOKEN, PULL_REQUEST, AUTHOR, COMMENT, GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_STEP_SUMMARY } =
  process.env;
const issues = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues`;

/** An answer other than success. */
class Refused extends Error {
  constructor(status, message) {
    super(`GitHub answers ${status}: ${message}`);
    this.status = status;
  }
}

try {
  const body = readBody(process.argv[2]);
  if (COMMENT !== 'true' || !PULL_REQUEST) toSummary(body);
  else await write(body);
} catch (problem) {
  say(`error: the comment cannot be written: ${problem.cause?.message ?? problem.message}`);
  process.exitCode = 1;
}

/** The comparison, or that there is none: an older one must not stay as if it were true. */
function readBody(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (!text.startsWith(marker))
    return `${marker}\nThere is no comparison: the input has errors, or the base cannot be read. The job's log says which.\n`;
  if (text.length <= maxLength) return text;
  const end = '\n\nThe rest is too long for a comment; `eso-abac diff` prints all of it.\n';
  return text.slice(0, text.lastIndexOf('\n', maxLength - end.length)) + end;
}

async function write(body) {
  try {
    const existing = await findComment();
    if (existing === undefined) await call('POST', `${issues}/${PULL_REQUEST}/comments`, { body });
    else await call('PATCH', `${issues}/comments/${existing.id}`, { body });
    say(existing === undefined ? 'commented' : 'updated the comment');
  } catch (problem) {
    if (!(problem instanceof Refused) || problem.status !== 403) throw problem;
    say('the token may not comment, as of a pull request from a fork: see the summary of the job');
    toSummary(body);
  }
}

/** Our comment. Whoever else writes one that begins like ours could change it later, so its author counts as well. */
async function findComment() {
  for (let page = 1; ; page++) {
    const comments = await call('GET', `${issues}/${PULL_REQUEST}/comments?per_page=${perPage}&page=${page}`);
    const ours = comments.find(({ body, user }) => body?.startsWith(marker) && user?.login === AUTHOR);
    if (ours !== undefined || comments.length < perPage) return ours;
  }
}

async function call(method, url, content) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${TOKEN}`,
      'user-agent': 'eso-abac',
      'x-github-api-version': '2022-11-28',
    },
    ...(content && { body: JSON.stringify(content) }),
    // Nowhere else does the token go.
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, String(answer.message ?? response.statusText));
  return answer;
}

function toSummary(body) {
  appendFileSync(GITHUB_STEP_SUMMARY, `${body}\n`);
}

/** Prints one line. Text from elsewhere can neither begin a command to GitHub's runner nor show the token. */
function say(text) {
  const line = TOKEN ? text.replaceAll(TOKEN, '***') : text;
  console.log(line.replace(/\p{Cc}/gu, ' ').slice(0, 500));
}
