// The package from JavaScript: the server, in this process.
export { ServerError, startServer } from './start.js';
