'use client';

import { useEffect } from 'react';
import * as library from 'wix-oauth-apps';
import { report } from '../journey.mjs';
import server from '../server.mjs';

export default function Page() {
  useEffect(() => {
    report(library, undefined, server).then((text) => (globalThis.journeyReport = text));
  }, []);
  return <p>Client component</p>;
}
