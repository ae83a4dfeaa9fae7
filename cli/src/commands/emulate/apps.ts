/** The apps of `--app`, with which the emulator starts. */
import type { EmulatorApp } from 'wix-oauth-apps/emulator';

/** The keys of `--app`, with the field that each sets and whether the field is a list. */
const KEYS: Record<string, { field: string; isList?: boolean }> = {
  name: { field: 'name' },
  id: { field: 'id' },
  redirect: { field: 'allowedRedirectUris', isList: true },
  domain: { field: 'allowedRedirectDomains', isList: true },
  login: { field: 'loginUrl' },
  logout: { field: 'logoutUrl' },
};
const PART = new RegExp(`,(?=(?:${Object.keys(KEYS).join('|')})=)`);

/** Reads `name=Storefront,redirect=https://shop.example.com/cb`. A comma that no key follows belongs to the value. */
export function readApp(text: string): EmulatorApp {
  const app: Record<string, unknown> = {};
  for (const part of text.split(PART)) {
    const [, key = '', value = ''] = /^(\w+)=([^]*)$/.exec(part) ?? [];
    const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (known === undefined) {
      throw new Error(
        `has the part ${JSON.stringify(part)}; give key=value, with ${Object.keys(KEYS).join(', ')} as keys`,
      );
    }
    if (value === '') throw new Error(`has no value for ${key}; give one, or leave ${key} out`);
    const { field, isList } = known;
    if (isList) app[field] = [...((app[field] as string[] | undefined) ?? []), value];
    else if (field in app) throw new Error(`has ${key} twice; give --app once for each app`);
    else app[field] = value;
  }
  if (app['name'] === undefined) throw new Error('has no name; give one, such as name=Storefront');
  return app as unknown as EmulatorApp;
}
