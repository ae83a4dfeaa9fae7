'use client';

import { useEffect } from 'react';
import * as library from 'wix-oauth-apps';
import * as emulator from 'wix-oauth-apps/emulator';
import { report } from '../journey.mjs';
import server from '../server.mjs';

export default function Page() {
  useEffect(() => {
    report(library, emulator, server).then((text) => (globalThis.journeyReport = text));
  }, []);
  return <p>Client component</p>;
}
