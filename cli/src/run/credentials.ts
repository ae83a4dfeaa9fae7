/** Credentials and the connection, from the environment, a dotenv file and the options. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { ClientOptions } from 'wix-oauth-apps';
import { loadCore } from '../core.js';
import { ConfigError } from '../errors.js';

export type Variables = Record<string, string>;

/** The options that say how to reach the API. */
export interface ConnectionOptions {
  site?: string;
  baseUrl?: string;
  envFile?: string;
  timeout?: number;
  retries?: number;
}

/** The variables that hold a credential, or a part of one. */
export const CREDENTIAL_VARIABLES = ['WIX_API_KEY', 'WIX_CLIENT_SECRET', 'WIX_ACCESS_TOKEN'] as const;

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Checks whether a text has the form of an ID, for which the core need not be loaded. */
export const isGuid = (text: string): boolean => GUID.test(text);

/**
 * Returns the variables of the environment, with those of a dotenv file. The environment takes precedence, as with `node
 * --env-file`. An empty variable counts as one that is not set: CI systems set those of missing secrets.
 */
export function readVariables(file: string | undefined, env: NodeJS.ProcessEnv = process.env): Variables {
  const variables: Variables = file === undefined ? {} : readDotenv(file);
  for (const [name, value] of Object.entries(env)) if (value) variables[name] = value;
  return variables;
}

/** Reads a dotenv file. */
function readDotenv(file: string): Variables {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`--env-file: ${file} cannot be read: ${(error as Error).message}`);
  }
  const pairs = Object.entries(parseEnv(text.replace(/^\uFEFF/, '')));
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => Boolean(pair[1])));
}

/** Returns the options of the client. Throws a `ConfigError` for missing, incomplete or several credentials. */
export async function readConnection(
  options: ConnectionOptions,
  variables: Variables,
  needsSite = true,
): Promise<ClientOptions> {
  const auth = readCredential(variables);
  const { siteId, accountId } = await readSite(options, variables);
  if (needsSite && 'apiKey' in auth && !siteId && !accountId) {
    throw new ConfigError(
      'an API key needs the site that it works on; set WIX_SITE_ID, or give --site. The ID is in the address of the ' +
        "site's dashboard, after manage.wix.com/dashboard/",
    );
  }
  const baseUrl = options.baseUrl ?? variables['WIX_API_BASE_URL'];
  const { timeout, retries } = options;
  return {
    auth,
    ...(siteId && { siteId }),
    ...(accountId && { accountId }),
    ...(baseUrl && { baseUrl }),
    ...(timeout !== undefined && { timeout }),
    ...(retries !== undefined && { retry: retries === 0 ? false : { maxRetries: retries } }),
  };
}

function readCredential(variables: Variables): ClientOptions['auth'] {
  const apiKey = variables['WIX_API_KEY'];
  const clientId = variables['WIX_CLIENT_ID'];
  const clientSecret = variables['WIX_CLIENT_SECRET'];
  const instanceId = variables['WIX_INSTANCE_ID'];
  const accessToken = variables['WIX_ACCESS_TOKEN'];
  // A client ID alone is no credential: `ensure --env-file-out` writes it for the storefront.
  const kinds = [
    apiKey && 'WIX_API_KEY',
    clientSecret && 'WIX_CLIENT_ID and WIX_CLIENT_SECRET',
    accessToken && 'WIX_ACCESS_TOKEN',
  ].filter(Boolean);
  if (kinds.length > 1) {
    throw new ConfigError(`several kinds of credentials are set: ${kinds.join('; ')}. Keep one, and unset the others`);
  }
  if (apiKey) return { apiKey };
  if (accessToken) return { accessToken };
  if (clientSecret) {
    if (clientId) return { clientId, clientSecret, ...(instanceId && { instanceId }) };
    throw new ConfigError('WIX_CLIENT_SECRET is set without WIX_CLIENT_ID; set both');
  }
  if (clientId) throw new ConfigError(`WIX_CLIENT_ID is set without WIX_CLIENT_SECRET; set both, or ${OTHERS}`);
  throw new ConfigError(
    `no credentials are set; set WIX_API_KEY (and WIX_SITE_ID), or WIX_CLIENT_ID and WIX_CLIENT_SECRET, or ` +
      'WIX_ACCESS_TOKEN, in the environment or in the file of --env-file. API keys are made at ' +
      'https://manage.wix.com/account/api-keys',
  );
}

const OTHERS = 'set WIX_API_KEY or WIX_ACCESS_TOKEN instead';

async function readSite({ site }: ConnectionOptions, variables: Variables) {
  const [siteId, accountId] = [variables['WIX_SITE_ID'], variables['WIX_ACCOUNT_ID']];
  if (site === undefined && siteId && accountId) {
    throw new ConfigError('WIX_SITE_ID and WIX_ACCOUNT_ID are both set; a request is for one of them: unset the other');
  }
  const id = site ?? siteId;
  if (id !== undefined && !isGuid(id)) {
    // The core's message tells where the ID is found.
    try {
      (await loadCore()).checkSiteId({ siteId: id });
    } catch (error) {
      throw new ConfigError(`${site === undefined ? 'WIX_SITE_ID' : '--site'}: ${(error as Error).message}`);
    }
  }
  return id === undefined ? { accountId } : { siteId: id };
}
