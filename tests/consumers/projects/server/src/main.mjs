import * as library from 'wix-oauth-apps';
import * as emulator from 'wix-oauth-apps/emulator';
import { report } from './journey.mjs';
import server from './server.mjs';

report(library, emulator, server).then(console.log);
