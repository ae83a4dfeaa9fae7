// An emulator server with its console at /_emulator/, for the page's side of the control interface. It is a stand-in for
// the server of the command line, and speaks the interface as the page expects it.
import { text } from 'node:stream/consumers';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { answerFile, listen } from './site.mjs';

/**
 * Serves the built page in `folder`, the control interface and an emulator: `{ url, emulator, close }`.
 *
 * @param {{ folder: string, events?: boolean, members?: string[], options?: object }} setting `events`: whether requests
 *   can be followed as server-sent events; otherwise the page has to ask again.
 */
export async function startConsole({ folder, events = true, members = ['member@example.com'], options = {} }) {
  const emulator = await createEmulator(options);
  const log = [];
  const listeners = new Set();
  const receivers = (options.webhooks ?? []).map(({ url, events = ['created', 'updated', 'deleted'] }) => ({
    url,
    events,
  }));

  function record(entry) {
    log.push(entry);
    listeners.forEach((response) => response.write(`data: ${JSON.stringify(entry)}\n\n`));
  }

  async function answerApi(request, response) {
    const began = performance.now();
    const at = new Date().toISOString();
    const body = await text(request);
    const { method, url, headers } = request;
    const outcome = emulator.handle({ method, url, headers, ...(body !== '' && { body }) });
    const { status } = outcome;
    const entry = {
      at,
      method,
      path: new URL(url, 'http://any').pathname,
      status,
      duration: performance.now() - began,
    };
    const reason = status >= 400 ? reasonIn(outcome.body) : outcome.kind === 'answer' ? undefined : outcome.kind;
    record(reason === undefined ? entry : { ...entry, reason });
    if (outcome.kind === 'answer') response.writeHead(status, outcome.headers).end(outcome.body);
    else request.socket.destroy();
  }

  const control = {
    'GET requests': (_, since) => ({ requests: log.filter(({ at }) => since === null || at >= since) }),
    'POST reset': () => {
      emulator.reset();
      log.length = 0;
    },
    'GET state': () => emulator.snapshot(),
    'PUT state': (state) => emulator.restore(state),
    'POST faults': (fault) => emulator.fail(fault),
    // The emulator ends faults only with a reset.
    'DELETE faults': () => {
      const state = emulator.snapshot();
      emulator.reset();
      emulator.restore(state);
    },
    'PUT clock': ({ now }) => emulator.setTime(now),
    'POST clock/advance': ({ milliseconds }) => emulator.advance(milliseconds),
    'GET members': () => ({ members: members.map((email) => ({ email, id: `member-${email}` })) }),
    'GET webhooks': () => ({ webhooks: receivers, attempts: emulator.webhooks.attempts }),
  };
  async function answerControl(request, response, name, since) {
    if (events && name === 'GET requests' && request.headers.accept?.includes('text/event-stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': open\n\n');
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
      return;
    }
    const body = await text(request);
    try {
      const answer = control[name](body === '' ? undefined : JSON.parse(body), since) ?? {};
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message: error.message }));
    }
  }

  const { url, close } = await listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://any');
    if (!pathname.startsWith('/_emulator/')) return void answerApi(request, response);
    const path = pathname.slice('/_emulator/'.length);
    const name = `${request.method} ${path}`;
    if (name in control) return void answerControl(request, response, name, searchParams.get('since'));
    answerFile(folder, `/${path}`, response);
  });
  return { url, emulator, log, close };
}

function reasonIn(body) {
  try {
    const { message, error_description: description } = JSON.parse(body);
    return message || description;
  } catch {
    return undefined;
  }
}
