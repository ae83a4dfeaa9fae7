import { Component, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import * as library from 'wix-oauth-apps';
import { report } from './journey.mjs';
import server from './server.mjs';

@Component({ selector: 'app-root', template: '<p>Consumer</p>' })
class App {
  constructor() {
    report(library, undefined, server).then((text: string) => Object.assign(globalThis, { journeyReport: text }));
  }
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });
