/** The command `wix-oauth-apps emulate`: runs the server until a signal stops it. */
import { EXIT, UsageError } from '../../errors.js';
import { isLoopback } from '../../server/hosts.js';
import { startServer } from '../../server/start.js';
import type { RunContext } from '../../run/context.js';
import type { ProgramCommand } from '../command.js';
import { appsOfFile } from './apps-file.js';
import type { Settings } from './options.js';
import { optionsOfProfile } from './profile.js';
import { inArguments, toSettings } from './settings.js';
import { printError, printLog } from './streams.js';

export const emulate: ProgramCommand = {
  kind: 'program',
  async main({ options }, context) {
    // The reader of the output may leave before the server stops.
    process.stdout.on('error', () => {});
    const path = options['profile'] as string | undefined;
    const profile = path === undefined ? {} : await optionsOfProfile(path, context);
    await serve(toSettings(options, profile), context);
    // Delayed responses and open connections would keep the process alive, and so would output that nobody reads.
    setTimeout(() => process.exit(EXIT.done), 1_000);
    return EXIT.done;
  },
};

/** Serves until SIGINT or SIGTERM, or until the data file cannot be written. */
async function serve(settings: Settings, context: RunContext): Promise<void> {
  const { port, host, allowHosts, allowOrigins, data, quiet, appsFile, emulator: options } = settings;
  const fileApps = appsFile === undefined ? [] : await appsOfFile(appsFile, context);
  const server = await startServer({
    ...options,
    apps: [...fileApps, ...(options.apps ?? [])],
    ...{ port, host, allowHosts, allowOrigins, data },
    // The console shows the server's own log, which is cheaper.
    requestLogSize: 0,
    log: quiet ? undefined : printLog,
    onError: printError,
  }).catch((error: Error) => {
    throw error.name === 'TypeError' ? new UsageError(inArguments(error.message, appsFile, fileApps.length)) : error;
  });
  if (!isLoopback(host)) {
    console.error(
      `wix-oauth-apps: listening on ${host}: everybody who can reach this machine over the network can use the emulator`,
    );
  }
  const { apiKey, siteId } = server.credentials;
  const clientIds = server.emulator.initialApps.map(({ id, name }) => `Client ID of ${JSON.stringify(name)}: ${id}`);
  // In one write, so that a program that waits for the ready line has the rest too.
  console.log(
    [
      `Listening on ${server.url} with API key ${apiKey} and site ID ${siteId}`,
      `Console: ${server.consoleUrl}`,
      ...clientIds,
    ].join('\n'),
  );

  const secondSignal = new Promise<void>((resolve) => {
    let isStopping = false;
    const stop = () => {
      // The first signal waits for responses under way; the second does not.
      if (isStopping) resolve();
      isStopping = true;
      void server.stop().catch(() => {});
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
  await Promise.race([server.closed, secondSignal]);
}
