/** The options that name the fields of an app, and those about its secret. */
import type { OptionDefinition } from '../definition.js';

/** An option that sets a field of an app. */
export interface FieldOption extends OptionDefinition {
  /** The name of the field in the API. */
  field: string;
}

const APPLICATION_TYPES = ['WEB_APP', 'MOBILE', 'OTHER'];
const TECHNOLOGIES = ['JAVASCRIPT', 'ANGULAR', 'VUE', 'REACT', 'REACT_NATIVE', 'IOS', 'ANDROID', 'OTHER_TECHNOLOGY'];

export const FIELD_OPTIONS: readonly FieldOption[] = [
  { name: 'name', field: 'name', value: 'TEXT', help: 'the name that the dashboard shows' },
  {
    name: 'redirect-uri',
    field: 'allowedRedirectUris',
    value: 'URL',
    help: 'a URL to which Wix may send visitors after a login; can be repeated',
    many: true,
  },
  {
    name: 'redirect-domain',
    field: 'allowedRedirectDomains',
    value: 'DOMAIN',
    help: 'a domain to which Wix may send visitors after a checkout or a logout; can be repeated',
    many: true,
  },
  { name: 'description', field: 'description', value: 'TEXT', help: 'a description' },
  { name: 'login-url', field: 'loginUrl', value: 'URL', help: 'the URL of an external login page' },
  { name: 'logout-url', field: 'logoutUrl', value: 'URL', help: 'a URL that Wix calls when a visitor logs out' },
  {
    name: 'application-type',
    field: 'applicationType',
    value: 'TYPE',
    help: `the kind of client: ${APPLICATION_TYPES.join(', ')}`,
    choices: APPLICATION_TYPES,
  },
  {
    name: 'technology',
    field: 'technology',
    value: 'TECHNOLOGY',
    help: `the technology of the client: ${TECHNOLOGIES.join(', ')}`,
    choices: TECHNOLOGIES,
  },
];

export const FROM_OPTION: OptionDefinition = {
  name: 'from',
  value: 'FILE',
  help: 'read the fields from a YAML or JSON file: an app, or a configuration with it; options override the file',
};

export const SECRET_FILE: OptionDefinition = {
  name: 'secret-file',
  value: 'FILE',
  help: 'write the client secret to this file, readable by its owner alone',
};
export const FORCE: OptionDefinition = { name: 'force', help: 'overwrite an existing secret file' };
export const REVEAL: OptionDefinition = { name: 'reveal', help: 'print the client secret instead of [redacted]' };

export const SECRET_OPTIONS: readonly OptionDefinition[] = [SECRET_FILE, FORCE, REVEAL];
