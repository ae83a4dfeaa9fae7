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

const OPENAPI = packageFile('openapi.json');

const DOCUMENTS = new Map<string, DocumentHandler>([
  ['/healthz', document('application/json', () => '{"status":"ok"}')],
  ['/openapi.json', document('application/json', () => readFileSync(OPENAPI, 'utf8'))],
  ['/webhooks/public-key', document('application/x-pem-file', ({ webhooks }) => webhooks.publicKey())],
]);

/** Returns the handler of a path that the server answers itself, and undefined for a path of the emulator. */
export const documentAt = (path: string): DocumentHandler | undefined => DOCUMENTS.get(path);

function document(type: string, content: (emulator: Emulator) => string | Promise<string>): DocumentHandler {
  return async (method, emulator) => {
    if (method !== 'GET' && method !== 'HEAD') {
      throw new HttpError(405, `The method ${method} is not allowed here; use GET`, { allow: 'GET, HEAD' });
    }
    return { status: 200, headers: { 'content-type': type }, body: await content(emulator) };
  };
}
