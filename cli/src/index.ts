/** The JavaScript API of the package: the server, in the process that calls it. */
export { ServerError, startServer } from './server/start.js';
export type { RunningServer, ServerOptions } from './server/start.js';
