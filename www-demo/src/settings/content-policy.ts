import type { Connection } from './connection';

/**
 * Permits requests to the page's own origin and to the chosen server, and to nothing else, for the rest of this page load.
 * The policy in index.html has to permit every address that can be chosen. A browser that meets a second policy applies
 * both, so this one narrows the first; nothing can widen it again but a reload.
 */
export function restrictRequests(connection: Connection): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  const chosen = connection.kind === 'page' ? '' : ` ${new URL(connection.url).origin}`;
  policy.content = `connect-src 'self'${chosen}`;
  document.head.append(policy);
}
