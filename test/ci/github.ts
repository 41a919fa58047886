import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A comment as GitHub's REST API shows it, as far as we read it. */
export interface Comment {
  readonly id: number;
  body: string | null;
  readonly user: { readonly login: string } | null;
}

/** Comments on pull request 7 of owner/repo, behind a local server that answers as GitHub's REST API does. */
export interface GitHub {
  readonly url: string;
  readonly comments: Comment[];
  readonly requests: string[];
  close(): void;
}

/**
 * Starts it.
 *
 * @param token the one that may write
 * @param refusal what writing is answered with, whatever the token
 */
export async function startGitHub(
  token: string,
  refusal?: { readonly status: number; readonly message: string },
): Promise<GitHub> {
  const comments: Comment[] = [];
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    if (!isKnown) answer(response, 401, { message: `Bad credentials: ${request.headers.authorization}` });
    else if (request.method !== 'GET' && refusal)
      answer(response, refusal.status, { message: refusal.message });
    else await serve(request, response, comments);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, comments, requests, close: () => server.close() };
}

async function serve(request: IncomingMessage, response: ServerResponse, comments: Comment[]): Promise<void> {
  const url = new URL(request.url ?? '', 'http://localhost');
  const one = /^\/repos\/owner\/repo\/issues\/comments\/(\d+)$/.exec(url.pathname);
  if (request.method === 'GET' && url.pathname === '/repos/owner/repo/issues/7/comments') {
    const [size, page] = [url.searchParams.get('per_page'), url.searchParams.get('page')].map(Number);
    answer(response, 200, comments.slice((size ?? 0) * ((page ?? 0) - 1), (size ?? 0) * (page ?? 0)));
  } else if (request.method === 'POST' && url.pathname === '/repos/owner/repo/issues/7/comments') {
    const comment = { id: comments.length + 1, user: { login: 'github-actions[bot]' }, body: '' };
    comments.push(comment);
    store(comment, await textOf(request), response, 201);
  } else if (request.method === 'PATCH' && one) {
    const comment = comments.find(({ id }) => id === Number(one[1]));
    if (comment) store(comment, await textOf(request), response, 200);
    else answer(response, 404, { message: 'Not Found' });
  } else answer(response, 404, { message: 'Not Found' });
}

function store(comment: Comment, content: string, response: ServerResponse, status: number): void {
  const { body } = JSON.parse(content) as { body: string };
  if (body.length > 65_536)
    answer(response, 422, { message: 'body is too long (maximum is 65536 characters)' });
  else {
    comment.body = body;
    answer(response, status, comment);
  }
}

function answer(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
