/** The view that the address names, after `#`: a reload and the browser's Back button lead to where the visitor was. */
import { signal } from '@preact/signals';

export type Route =
  | { view: 'apps' }
  | { view: 'new-app' }
  | { view: 'app'; id: string }
  | { view: 'flows' }
  | { view: 'flow'; name: string }
  | { view: 'requests' }
  | { view: 'emulator' }
  | { view: 'connection' };

export const route = signal<Route>(parse(location.hash));

export const paths = {
  apps: '#/',
  newApp: '#/apps/new',
  app: (id: string) => `#/apps/${encodeURIComponent(id)}`,
  flows: '#/flows',
  flow: (name: string) => `#/flows/${name}`,
  requests: '#/requests',
  emulator: '#/emulator',
  connection: '#/connection',
};

export function navigate(path: string): void {
  location.hash = path;
}

/** Set once the visitor has gone from one view to another. */
export let hasNavigated = false;

addEventListener('hashchange', () => {
  hasNavigated = true;
  route.value = parse(location.hash);
});

function parse(hash: string): Route {
  const [first, second] = hash.replace(/^#\/?/, '').split('/');
  switch (first) {
    case 'apps':
      if (second === undefined || second === '') return { view: 'apps' };
      return second === 'new' ? { view: 'new-app' } : { view: 'app', id: decode(second) };
    case 'flows':
      return second === undefined || second === '' ? { view: 'flows' } : { view: 'flow', name: second };
    case 'requests':
    case 'emulator':
    case 'connection':
      return { view: first };
    default:
      return { view: 'apps' };
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
