/** The options that many commands share. */
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { wholeNumber } from './readers.js';

const MAX_TIMEOUT = 2 ** 31 - 1;

export const CONNECTION_OPTIONS: readonly OptionDefinition[] = [
  { name: 'site', value: 'ID', help: 'the ID of the site', default: 'WIX_SITE_ID' },
  {
    name: 'base-url',
    value: 'URL',
    help: 'the address of the API',
    default: 'WIX_API_BASE_URL, else https://www.wixapis.com',
  },
  { name: 'env-file', value: 'FILE', help: 'read credentials and settings from this dotenv file too' },
  {
    name: 'timeout',
    value: 'MS',
    help: 'the time limit of one attempt, in milliseconds',
    default: '30000',
    read: wholeNumber(1, MAX_TIMEOUT),
  },
  {
    name: 'retries',
    value: 'NUMBER',
    help: 'how many times a failed request is sent again',
    default: '2',
    read: wholeNumber(0, 100),
  },
  { name: 'verbose', help: 'print requests, retries and waits to standard error' },
];

/** The options of a run for many sites. */
export const SITES_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'sites',
    value: 'FILE',
    help: 'run for each site of this file, - for standard input: one site ID a line, or CSV or JSON with siteId',
  },
  { name: 'shard', value: 'PART/PARTS', help: 'only this part of the sites, such as 3/8' },
  {
    name: 'concurrency',
    value: 'NUMBER',
    help: 'how many sites are worked on at once',
    default: '8',
    read: wholeNumber(1, 1_000),
  },
  { name: 'report', value: 'FILE', help: 'append a JSON line for each site as it finishes' },
  { name: 'resume', help: 'skip the sites that the report says are done' },
];

export const OUTPUT_OPTIONS: readonly OptionDefinition[] = [
  { name: 'json', help: 'print the result as one JSON document, and errors as JSON' },
  { name: 'no-color', help: 'print without colors' },
];

const DRY_RUN: OptionDefinition = { name: 'dry-run', help: 'show what would change, and change nothing' };
const YES: OptionDefinition = { name: 'yes', help: 'delete without a question' };

/** Returns every option of a command: its own, and those that it shares. */
export function optionsOf(definition: CommandDefinition): OptionDefinition[] {
  const { options = [], isOnline, isPerSite, isWriting, isConfirmed, hasNoJson } = definition;
  return [
    ...options,
    ...(isConfirmed ? [YES] : []),
    ...(isWriting ? [DRY_RUN] : []),
    ...(isPerSite ? SITES_OPTIONS : []),
    ...(isOnline || isPerSite ? CONNECTION_OPTIONS : []),
    ...(hasNoJson ? [] : OUTPUT_OPTIONS),
  ];
}
