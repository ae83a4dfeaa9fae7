import * as library from 'wix-oauth-apps';
import { report } from './journey.mjs';
import server from './server.mjs';

report(library, undefined, server).then(console.log);
