// The documents that the server itself has: they are no part of the API.
import { readFileSync } from 'node:fs';
import { Refusal } from './refusal.js';

/** @typedef {import('wix-oauth-apps/emulator').Emulator} Emulator */
/** @typedef {{ status: number, headers: Record<string, string>, body: string }} DocumentAnswer */
/** @typedef {(method: string, emulator: Emulator) => Promise<DocumentAnswer>} OwnDocument */

const OPENAPI = new URL('../openapi.json', import.meta.url);

/** @type {Map<string, OwnDocument>} */
const DOCUMENTS = new Map([
  ['/healthz', document('application/json', () => '{"status":"ok"}')],
  ['/openapi.json', document('application/json', () => readFileSync(OPENAPI, 'utf8'))],
  ['/webhooks/public-key', document('application/x-pem-file', ({ webhooks }) => webhooks.publicKey())],
]);

/**
 * Returns the handler of a path that the server answers itself; undefined for a path of the emulator.
 *
 * @param {string} path
 */
export const ownDocument = (path) => DOCUMENTS.get(path);

/**
 * @param {string} type
 * @param {(emulator: Emulator) => string | Promise<string>} content
 * @returns {OwnDocument}
 */
function document(type, content) {
  return async (method, emulator) => {
    if (method !== 'GET' && method !== 'HEAD') {
      throw new Refusal(405, 'Method Not Allowed', { allow: 'GET, HEAD' });
    }
    return { status: 200, headers: { 'content-type': type }, body: await content(emulator) };
  };
}
