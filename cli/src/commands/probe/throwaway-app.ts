/** The app that `probe` creates for its questions, and deletes whatever happens. */
import { randomBytes } from 'node:crypto';
import { CommandError, EXIT } from '../../errors.js';
import type { SiteContext } from '../../run/site.js';
import { APPS, failed, limitDelay, pause, refused, type ProbeApi, type Reply, type Timing } from './api.js';

/** How often a delete is sent before it counts as failed. */
const MAX_DELETES = 6;
/** How long the delete of an app that is not found yet is repeated, in milliseconds. */
const MAX_DELETE_WAIT = 120_000;
const MAX_PAGES = 100;

export type Fields = Record<string, unknown>;

/** The result of an update. */
export interface Update {
  isAccepted: boolean;
  /** The app after the update; empty if the update was refused. */
  app: Fields;
  violations: FieldViolation[];
}

export interface FieldViolation {
  field?: string;
  violatedRule?: string;
  ruleName?: string;
  data?: { threshold?: unknown };
}

export class ThrowawayApp {
  readonly #api: ProbeApi;
  readonly #site: SiteContext;
  /** Recognizes the app if its ID is not known because the response to the create was lost. */
  readonly name = `wix-oauth-apps probe ${randomBytes(4).toString('hex')}`;
  id = '';
  /** The app as the response to the create shows it. */
  created: Fields = {};
  /** When the app was created. */
  creation: Timing = { sent: 0, received: 0 };
  /** Set while the app may exist. */
  #mayExist = false;

  constructor(api: ProbeApi, site: SiteContext) {
    this.#api = api;
    this.#site = site;
  }

  get title(): string {
    return this.id ? `${this.name} (${this.id})` : this.name;
  }

  /** Creates the app. If it is not known whether the app exists, it is looked for and deleted. */
  async create(): Promise<void> {
    // After a second Ctrl-C the process ends at once.
    process.on('exit', this.#reportLeftOver);
    this.#site.run.signal.addEventListener('abort', this.#announceRemoval);
    this.#mayExist = true;
    await this.#site.journal.step(`create the app ${this.name}`, async () => {
      let reply: Reply | undefined;
      let failure: CommandError;
      try {
        // Ctrl-C does not end this request: without its response, the ID of the app is unknown.
        reply = await this.#sendCreate();
        const app = reply.body?.['oAuthApp'] as Fields | undefined;
        if (reply.status === 200 && typeof app?.['id'] === 'string') {
          this.id = app['id'];
          this.created = app;
          this.creation = reply;
          return;
        }
        failure = refused('the create of an app', reply);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        failure = error;
      }
      await this.#removeByName(failure, reply);
      throw failure;
    });
  }

  /** Sends the create once. It is repeated only after a 429 that says that nothing was done. */
  async #sendCreate(): Promise<Reply> {
    const request = { method: 'POST', target: APPS, body: { oAuthApp: { name: this.name } }, signal: null };
    for (let waits = 0; ; waits += 1) {
      const reply = await this.#api.sendOnce(request);
      const isRejected = reply.headers.has('retry-after') || reply.text.includes('RESOURCE_EXHAUSTED');
      if (reply.status !== 429 || !isRejected || waits >= 20) return reply;
      await pause(limitDelay(reply, waits));
      this.#site.run.signal.throwIfAborted();
    }
  }

  /** Deletes the app after a create whose outcome is not known. */
  async #removeByName(failure: CommandError, reply: Reply | undefined): Promise<void> {
    try {
      // The request may still be on its way when the first search does not find the app.
      for (let search = 0; search < 2 && !this.id; search += 1) {
        if (search) await pause(1_000);
        this.id = (await this.#findByName()) ?? '';
      }
    } catch {
      // This error names the app, so that the exit handler need not.
      this.#forget();
      // A refusal of the create says that nothing was created.
      if (reply && reply.status >= 400 && reply.status < 500 && reply.status !== 429) return;
      const unknown = `${failure.message}. It is not known whether the app ${this.name} was created`;
      throw new CommandError(
        'OUTCOME_UNKNOWN',
        `${unknown}; if \`wix-oauth-apps list --name "${this.name}"\` shows it, delete it`,
        EXIT.failed,
        failure.details,
      );
    }
    if (!this.id) return this.#forget();
    const left = await this.remove();
    if (left) throw left;
  }

  async #findByName(): Promise<string | undefined> {
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const paging = { limit: 100, ...(cursor !== undefined && { cursor }) };
      const body = { query: { cursorPaging: paging } };
      const reply = await this.#api.send({ method: 'POST', target: `${APPS}/query`, body, signal: null });
      if (reply.status !== 200) throw refused('the list of the apps', reply);
      const apps = (reply.body?.['oAuthApps'] ?? []) as Fields[];
      const found = apps.find(({ name }) => typeof name === 'string' && name.startsWith(this.name));
      if (found) return String(found['id']);
      const { cursors } = (reply.body?.['pagingMetadata'] ?? {}) as { cursors?: { next?: string } };
      cursor = cursors?.next;
      if (!cursor) return undefined;
    }
    throw failed('BAD_RESPONSE', `the site has more than ${MAX_PAGES * 100} apps`);
  }

  /** Sends an update. A refusal is a result; only an unexpected one is an error. */
  async update(fields: Fields, mask?: unknown): Promise<Update> {
    const body = { oAuthApp: { id: this.id, ...fields }, mask: mask ?? { paths: Object.keys(fields) } };
    const reply = await this.#api.send({ method: 'PATCH', target: `${APPS}/${this.id}`, body });
    if ([401, 403, 404].includes(reply.status)) throw refused('an update of the app', reply);
    const app = (reply.body?.['oAuthApp'] ?? {}) as Fields;
    return { isAccepted: reply.status === 200, app, violations: violationsOf(reply) };
  }

  /** Reads the app. */
  async get(): Promise<Fields> {
    const reply = await this.#api.send({ method: 'GET', target: `${APPS}/${this.id}` });
    if (reply.status !== 200) throw refused('the get of the app', reply);
    return (reply.body?.['oAuthApp'] ?? {}) as Fields;
  }

  /** Deletes the app if it may exist. Returns the error if that fails. */
  async remove(): Promise<CommandError | undefined> {
    if (!this.#mayExist || !this.id) return undefined;
    try {
      await this.#site.journal.step(`delete the app ${this.title}`, () => this.#delete());
      this.#forget();
      return undefined;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // The error names the app, so that the exit handler need not.
      this.#forget();
      return new CommandError(
        'LEFT_BEHIND',
        `the app ${this.title} could not be deleted: ${error.message}. ` +
          `Delete it with \`wix-oauth-apps delete ${this.id}\``,
        EXIT.failed,
        { ...error.details, leftBehind: { id: this.id, name: this.name } },
      );
    }
  }

  async #delete(): Promise<void> {
    const start = performance.now();
    const isLate = () => performance.now() - start > MAX_DELETE_WAIT;
    let failure: CommandError = failed('BAD_RESPONSE', 'the delete was not answered');
    for (let attempt = 0, waits = 0; attempt < MAX_DELETES && !isLate();) {
      try {
        const reply = await this.#api.sendOnce({ method: 'DELETE', target: `${APPS}/${this.id}`, signal: null });
        // A page of a gateway in front of the service is no answer.
        const isAnswer = reply.text === '' || reply.body !== undefined;
        if (reply.status >= 200 && reply.status < 300 && isAnswer) return;
        failure = refused('the delete', reply);
        if (reply.status === 404 && (await this.#isGone())) return;
        if (reply.status === 429 || reply.status === 404) {
          // Soon after a create, an app may be listed and yet not be found by its ID.
          await pause(limitDelay(reply, waits));
          waits += 1;
          continue;
        }
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        failure = error;
      }
      attempt += 1;
      if (attempt < MAX_DELETES) await pause(250 * 2 ** (attempt - 1));
    }
    throw failure;
  }

  /** Checks whether no query finds the app. */
  async #isGone(): Promise<boolean> {
    const body = { query: { filter: { id: this.id } } };
    const reply = await this.#api.send({ method: 'POST', target: `${APPS}/query`, body, signal: null });
    if (reply.status !== 200) throw refused('the search for the app', reply);
    return (reply.body?.['oAuthApps'] as unknown[] | undefined)?.length === 0;
  }

  #forget(): void {
    this.#mayExist = false;
    process.off('exit', this.#reportLeftOver);
    this.#site.run.signal.removeEventListener('abort', this.#announceRemoval);
  }

  readonly #announceRemoval = (): void => {
    this.#site.run.output.notify(`Deleting the app ${this.title}; a second Ctrl-C ends at once and leaves it behind.`);
  };

  readonly #reportLeftOver = (): void => {
    const remedy = this.id ? `wix-oauth-apps delete ${this.id}` : `wix-oauth-apps list --name "${this.name}"`;
    const message = `interrupted before the app ${this.title} was deleted; see \`${remedy}\``;
    const leftBehind = { id: this.id || null, name: this.name };
    this.#site.run.output.fail({
      content: {
        code: 'LEFT_BEHIND',
        message,
        operation: 'probe',
        status: null,
        requestId: null,
        violations: [],
        leftBehind,
      },
      exitCode: EXIT.interrupted,
    });
  };
}

/** Returns the violations in the body of a response. */
export function violationsOf({ body }: Pick<Reply, 'body'>): FieldViolation[] {
  const details = body?.['details'] as { validationError?: { fieldViolations?: FieldViolation[] } } | undefined;
  return details?.validationError?.fieldViolations ?? [];
}
