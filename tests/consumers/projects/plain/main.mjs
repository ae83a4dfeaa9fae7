import * as library from 'wix-oauth-apps';
import * as emulator from 'wix-oauth-apps/emulator';
import { report } from './journey.mjs';
import server from './server.mjs';

console.log(await report(library, emulator, server));
