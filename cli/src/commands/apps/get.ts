/** The command `get`. */
import type { OAuthApp } from 'wix-oauth-apps';
import { checkReference } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { renderApp } from './render.js';

export const get: SiteCommand<string, OAuthApp> = {
  kind: 'site',
  prepare: (input, run) => checkReference(input.arguments['app'] as string, run),
  run: (site, reference) => site.findApp(reference),
  render: renderApp,
};
