/** Refuses credentials in arguments, which other users of the machine and the log of a CI job can read. */
import { UsageError } from '../errors.js';
import { CREDENTIAL_VARIABLES } from '../run/credentials.js';

/** Options by which people try to give a credential, without hyphens. None of them exists, except for `emulate`. */
const OPTIONS: Readonly<Record<string, string>> = {
  apikey: 'WIX_API_KEY',
  key: 'WIX_API_KEY',
  authorization: 'WIX_API_KEY or WIX_ACCESS_TOKEN',
  auth: 'WIX_API_KEY or WIX_ACCESS_TOKEN',
  accesstoken: 'WIX_ACCESS_TOKEN',
  token: 'WIX_ACCESS_TOKEN',
  bearer: 'WIX_ACCESS_TOKEN',
  clientid: 'WIX_CLIENT_ID',
  clientsecret: 'WIX_CLIENT_SECRET',
  secret: 'WIX_CLIENT_SECRET',
  password: 'WIX_CLIENT_SECRET',
  instanceid: 'WIX_INSTANCE_ID',
  wixapikey: 'WIX_API_KEY',
  wixaccesstoken: 'WIX_ACCESS_TOKEN',
  wixclientid: 'WIX_CLIENT_ID',
  wixclientsecret: 'WIX_CLIENT_SECRET',
};

/** The forms of API keys, access tokens and JSON web tokens. */
const TOKEN = /(?:^|[^\w.-])(?:IST\.|OauthNG\.|OAUTH2\.|eyJ[\w-]{8,}\.)|^Bearer\s/i;

/** A value of the environment that is shorter would also be found in ordinary words. */
const MIN_LENGTH = 12;

/**
 * Throws a `UsageError` if an argument is a credential. The message does not contain it.
 *
 * The options of `emulate` are credentials that the emulator accepts, which are no secrets.
 */
export function refuseCredentials(args: readonly string[], env: NodeJS.ProcessEnv): void {
  if (args[0] === 'emulate') return;
  const secrets = CREDENTIAL_VARIABLES.map((name) => [name, env[name] ?? ''] as const).filter(
    ([, value]) => value.length >= MIN_LENGTH,
  );
  for (const argument of args) {
    const [, option = ''] = /^-{1,2}([\w-]+)(?:=|$)/.exec(argument) ?? [];
    const meant = lookUp(option.replace(/[-_]/g, '').toLowerCase());
    if (meant) throw refusal(`--${option.toLowerCase()}: there is no such option`, meant);
    const found = secrets.find(([, value]) => argument.includes(value));
    if (found) throw refusal(`an argument contains the value of ${found[0]}`, found[0]);
    if (TOKEN.test(argument)) {
      throw refusal('an argument looks like an API key or a token', 'WIX_API_KEY or WIX_ACCESS_TOKEN');
    }
  }
}

const lookUp = (name: string): string | undefined => (Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined);

const refusal = (fault: string, variable: string): UsageError =>
  new UsageError(
    `${fault}; a credential is never an argument, because process lists and CI logs show arguments. Set ${variable} in ` +
      'the environment, or in the file of --env-file. If it was a real one, replace it',
  );
