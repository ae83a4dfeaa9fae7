import type { RequestRecord } from './recorder';

const COLLECTION = /^\/oauth-app(?:-service)?\/v1\/oauth-apps(?:\/([^/?]+))?(?:\/(generate-secret))?(?:\?.*)?$/;

/** Renders a request as a call of this package, on a `client`; undefined if no function of the package sends it. */
export function asJavaScript(record: RequestRecord): string | undefined {
  const call = callOf(record);
  if (call === undefined) return undefined;
  const { origin, headers } = record;
  const siteId = headers.find(([name]) => name === 'wix-site-id')?.[1];
  const options = [
    siteId === undefined
      ? '  auth: { accessToken: process.env.WIX_ACCESS_TOKEN },'
      : `  auth: { apiKey: process.env.WIX_API_KEY },\n  siteId: ${literal(siteId)},`,
    ...(origin === 'https://www.wixapis.com' ? [] : [`  baseUrl: ${literal(origin)},`]),
  ];
  return [
    "import { createClient } from 'wix-oauth-apps';",
    '',
    `const client = createClient({\n${options.join('\n')}\n});`,
    call,
  ].join('\n');
}

function callOf({ method, path, body }: RequestRecord): string | undefined {
  const parsed = parse(body);
  if (method === 'POST' && path === '/oauth2/token') {
    const { clientId, grantType } = parsed;
    if (grantType !== 'anonymous' || typeof clientId !== 'string') return undefined;
    return `const isActive = await client.isClientActive(${literal(clientId)});`;
  }
  const [matched, id, action] = COLLECTION.exec(path) ?? [];
  if (matched === undefined) return undefined;
  if (id === undefined) {
    return method === 'POST' ? `const app = await client.createOAuthApp(${literal(parsed.oAuthApp)});` : undefined;
  }
  if (method === 'POST' && id === 'query') {
    return `const page = await client.queryOAuthApps(${literal(parsed.query ?? {})});`;
  }
  if (method === 'POST' && action !== undefined) {
    return `const secret = await client.generateOAuthAppSecret(${literal(id)});`;
  }
  if (action !== undefined) return undefined;
  switch (method) {
    case 'GET':
      return `const app = await client.getOAuthApp(${literal(id)});`;
    case 'PATCH':
      return `const app = await client.updateOAuthApp(${literal(id)}, ${literal(patchOf(parsed))});`;
    case 'DELETE':
      return `await client.deleteOAuthApp(${literal(id)});`;
    default:
      return undefined;
  }
}

/** The patch behind an update: the fields that its mask names. A masked field without a value is cleared. */
function patchOf({ oAuthApp, mask }: Record<string, unknown>): Record<string, unknown> {
  const app = asObject(oAuthApp);
  const { paths } = asObject(mask);
  const names = Array.isArray(paths) ? paths.filter((name) => typeof name === 'string') : [];
  return Object.fromEntries(names.map((name) => [name, app[name] ?? null]));
}

function parse(body: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(body));
  } catch {
    return {};
  }
}

const asObject = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A value as JavaScript source: JSON, but with bare member names and single quotes, as Prettier writes it. */
function literal(value: unknown, indent = ''): string {
  const deeper = `${indent}  `;
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${deeper}${literal(item, deeper)},`).join('\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => {
      const key = /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : quote(name);
      return `${deeper}${key}: ${literal(member, deeper)},`;
    });
    return members.length === 0 ? '{}' : `{\n${members.join('\n')}\n${indent}}`;
  }
  return String(value);
}

function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}
