/** The documents that the server itself serves. They are not part of the API. */
import { readFileSync } from 'node:fs';
import type { Emulator } from 'wix-oauth-apps/emulator';
import { packageFile } from '../package-file.js';
import { HttpError } from './http-error.js';

/** The response of a document. */
export interface DocumentResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Answers a request for a document. Rejects with an `HttpError` for a method other than GET and HEAD. */
export type DocumentHandler = (method: string, emulator: Emulator) => Promise<DocumentResponse>;

const HEALTH = document('application/json', () => '{"status":"ok"}');
const OPENAPI = document('application/json', () => readFileSync(packageFile('openapi.json'), 'utf8'));
const PUBLIC_KEY = document('application/x-pem-file', ({ webhooks }) => webhooks.publicKey());

/** Returns the handler of a path that the server answers itself, and undefined for a path of the emulator. */
export function documentAt(path: string): DocumentHandler | undefined {
  switch (path) {
    case '/healthz':
      return HEALTH;
    case '/openapi.json':
      return OPENAPI;
    case '/webhooks/public-key':
      return PUBLIC_KEY;
    default:
      return undefined;
  }
}

function document(type: string, content: (emulator: Emulator) => string | Promise<string>): DocumentHandler {
  return async (method, emulator) => {
    if (method !== 'GET' && method !== 'HEAD') {
      throw new HttpError(405, `The method ${method} is not allowed here; use GET`, { allow: 'GET, HEAD' });
    }
    return { status: 200, headers: { 'content-type': type }, body: await content(emulator) };
  };
}
