import * as library from 'wix-oauth-apps';
import * as emulator from 'wix-oauth-apps/emulator';
import { report } from '../journey.mjs';
import server from '../server.mjs';

export const dynamic = 'force-dynamic';

export default async function Page() {
  return <pre>{await report(library, emulator, server)}</pre>;
}
