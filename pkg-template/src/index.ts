/** The exports of the package in every runtime. */
export { init } from './core.js';
export { createClient } from './client.js';
export * from './operations.js';
export { checkRedirect, createRedirectChecker, validateOAuthApp } from './checks.js';
export { OAuthAppsError, isOAuthAppsError, type OAuthAppsErrorCode, type Violation } from './error.js';
export { createWebhookHandler, readWebhook } from './webhook.js';
export { Secret } from './secret.js';
export type * from './types.js';
export type * from './webhook-types.js';
