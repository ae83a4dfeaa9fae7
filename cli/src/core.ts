/** The decisions of the command line in WebAssembly. `cli/core/README.md` describes each function. */
import { readFileSync } from 'node:fs';
import { CommandError, EXIT, type FailureContent, type Violation } from './errors.js';

/** A fault at its place in a value. */
export interface CoreViolation extends Violation {
  path: (string | number)[];
  text: string;
  line?: number;
}

/** An app of the service. */
export interface App {
  id: string;
  name: string;
  allowedRedirectUris?: string[];
  allowedRedirectDomains?: string[];
  [field: string]: unknown;
}

export interface Entries {
  uris: string[];
  domains: string[];
}

export interface PreviewChange {
  add: Entries;
  remove: Entries;
  left: string[];
}

export type Config = { apps: Record<string, unknown>[]; [key: string]: unknown };

export interface Change {
  action: 'create' | 'update' | 'delete';
  id: string | null;
  name: string;
  fields: { field: string; before: unknown; after: unknown; added: string[]; removed: string[] }[];
}

export type Call =
  | { call: 'createOAuthApp'; draft: Record<string, unknown> }
  | { call: 'updateOAuthApp'; id: string; patch: Record<string, unknown> }
  | { call: 'allowRedirects' | 'disallowRedirects'; id: string; entries: Partial<Entries> }
  | { call: 'deleteOAuthApp'; id: string };

export interface Plan {
  changes: Change[];
  summary: { create: number; update: number; delete: number; unchanged: number };
  steps: { app: number | null; calls: Call[] }[];
  warnings: CoreViolation[];
  [key: string]: unknown;
}

export interface LintResult {
  id: string | null;
  name: string;
  violations: CoreViolation[];
}

export interface SelectedSites {
  sites: { siteId: string; columns: Record<string, string>; line: number }[];
  total: number;
  skipped: number;
  unreadable: number[];
  needsLineFeed: boolean;
}

/** A site of a sites file. */
export type Site = SelectedSites['sites'][number];

export interface Question {
  name: string;
  topic: string;
  emulator: unknown;
}

type Answers = Record<string, unknown>;
type Variables = { env?: Record<string, string>; site?: Record<string, string> };

/** The functions, by name. Each throws a `CommandError`. */
export interface Core {
  readConfig(a: { value: unknown; variables?: Variables }): { config: Config; warnings: CoreViolation[] };
  exportConfig(a: { apps: App[]; complete?: boolean }): Record<string, unknown>;
  plan(a: { config: Config; apps: App[]; siteId?: string }): Plan;
  checkPlan(a: { plan: unknown }): Pick<Plan, 'changes' | 'summary'> & { siteId: string | null };
  applyPlan(a: { plan: unknown; apps: App[]; siteId?: string }): Plan & { alreadyDone: Change[] };
  verifyPlan(a: { plan: unknown; apps: App[]; created?: Record<number, string> }): { ok: boolean; failed: Change[] };
  readEntries(a: {
    arguments: string[];
    target?: 'auto' | 'uri' | 'domain' | 'both';
    judge?: boolean;
  }): Entries & { warnings: CoreViolation[] };
  changeEntries(a: { app: App; add?: Partial<Entries>; remove?: Partial<Entries> }): {
    oAuthApp: App;
    added: Entries;
    removed: Entries;
  };
  parseReference(a: { reference: string }): { kind: 'id' | 'name' | 'url'; value: string };
  resolveReference(a: { reference: string; apps: App[] }): App;
  previewEntries(a: { url: string; callback?: string }): Entries;
  previewAdd(a: { app: App; url: string; callback?: string; evict?: string }): PreviewChange;
  previewRemove(a: { app: App; url: string; callback?: string }): PreviewChange;
  previewHosts(a: { app: App; pattern: string }): string[];
  previewPrune(a: { app: App; pattern: string; keep?: string[]; gone?: string[] }): PreviewChange;
  keepList(a: { text: string }): string[];
  checkPattern(a: { pattern: string }): null;
  selectSites(a: { text: string; shard?: string; report?: string; run?: string }): SelectedSites;
  checkSiteId(a: { siteId: string }): null;
  lint(a: { apps: unknown[]; gone?: string[] }): LintResult[];
  lintHosts(a: { apps: unknown[] }): string[];
  probeQuestions(a: Record<string, never>): Question[];
  compareAnswers(a: { answers: Answers }): {
    answers: Answers;
    differences: { name: string; topic: string; answer: unknown; emulator: unknown }[];
  };
  writeProfile(a: { answers: Answers }): Record<string, unknown>;
  emulatorOptions(a: { profile: unknown }): Record<string, unknown>;
  fingerprint(a: { text: string }): string;
}

let loading: Promise<Core> | undefined;

/** Loads the module when it is first needed: `--help` and `--version` do not. */
export function loadCore(): Promise<Core> {
  return (loading ??= load());
}

/** The generated bindings. Their declarations need the types of browsers, so they are not read. */
const BINDINGS: string = '../wasm/cli-core.js';

async function load(): Promise<Core> {
  const { initSync, ...functions } = await import(BINDINGS);
  initSync({ module: readFileSync(new URL('../wasm/cli-core_bg.wasm', import.meta.url)) });
  return new Proxy({} as Core, {
    get: (_, name: string) => {
      const call = (functions as Record<string, (text: string) => string>)[name];
      // `await` asks every object for a method `then`.
      if (!call || name === 'then') return undefined;
      return (given: unknown) => {
        try {
          return JSON.parse(call(JSON.stringify(given)));
        } catch (thrown) {
          throw toCommandError(thrown);
        }
      };
    },
  });
}

/** The plain object that the core throws. */
interface Refusal {
  code: string;
  message: string;
  violations: CoreViolation[];
  candidates?: { id: string; name: string }[];
}

/** Converts a refusal of the core to an error. Other values, such as a trap of the module, are returned unchanged. */
function toCommandError(thrown: unknown): unknown {
  if (thrown instanceof Error) return thrown;
  const { code, message, violations, candidates } = thrown as Refusal;
  const isUsage = code === 'CONFIG' || code === 'INVALID_ARGUMENT';
  const details: Partial<FailureContent> = { violations, ...(candidates && { candidates }) };
  return new CommandError(code, message, isUsage ? EXIT.usage : EXIT.failed, details);
}
