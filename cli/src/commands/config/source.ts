/** The plan of a site, from a configuration file or from a plan file. */
import type { App, Change, Config, Core, CoreViolation, Plan } from '../../core.js';
import { CommandError, ConfigError } from '../../errors.js';
import { findConfigFile, readConfig } from '../../files/config.js';
import { readDocument, type ParsedFile } from '../../files/document.js';
import { pathOfSite } from '../../files/site-path.js';
import type { RunContext } from '../../run/context.js';
import type { SiteContext } from '../../run/site.js';

/** Reads the configuration file, for every site of the run. Throws a `ConfigError` with every fault. */
export async function prepareConfig(path: string | undefined, run: RunContext): Promise<ParsedFile> {
  const file = readDocument(findConfigFile(path));
  const core = await run.core();
  const warnings = new Set<string>();
  for (const site of run.sites ?? [undefined]) {
    try {
      readConfig(file, core, run, site?.columns, (text) => void warnings.add(text));
    } catch (error) {
      if (!(error instanceof ConfigError) || !site) throw error;
      const message = `${error.message}\nwith the columns of the site ${site.siteId} in line ${site.line} of --sites`;
      throw new ConfigError(message, error.details);
    }
  }
  for (const text of warnings) run.output.warn(text);
  return file;
}

/** Plans the changes of a site by a configuration file. */
export async function planFromConfig(file: ParsedFile, site: SiteContext, apps: App[]): Promise<Plan> {
  const { run, siteId, columns } = site;
  const core = await run.core();
  // The warnings were printed when the file was checked.
  const config: Config = readConfig(file, core, run, run.sites && columns, () => {});
  try {
    const plan = core.plan({ config, apps, ...(siteId !== undefined && { siteId }) });
    for (const warning of plan.warnings) run.output.warn(`${file.place(warning)}${warning.text}`);
    return plan;
  } catch (error) {
    throw withPlacesOfConflict(error, file);
  }
}

/** Adds the places in the file to the faults of a plan that cannot be made. */
function withPlacesOfConflict(error: unknown, file: ParsedFile): unknown {
  if (!(error instanceof CommandError)) return error;
  const violations = (error.details.violations ?? []) as CoreViolation[];
  if (!violations.length) return error;
  const placed = violations.map((violation) => ({ ...violation, text: `${file.place(violation)}${violation.text}` }));
  const faults = placed.filter(({ severity }) => severity === 'error').map(({ text }) => text);
  return new CommandError(error.code, faults.join('\n'), error.exitCode, { ...error.details, violations: placed });
}

/** A plan file that was read. */
export interface PlanFile {
  value: unknown;
  changes: Change[];
}

/** Reads the plan files of a run: one, or one for each site. Throws a `ConfigError` for another file or version. */
export async function preparePlans(path: string, run: RunContext): Promise<Map<string | undefined, PlanFile>> {
  const core = await run.core();
  const siteIds = run.sites?.map(({ siteId }) => siteId) ?? [undefined];
  return new Map(siteIds.map((siteId) => [siteId, readPlan(pathOfSite(path, { run, siteId }), core)]));
}

function readPlan(path: string, core: Core): PlanFile {
  const { name, value } = readDocument(path);
  try {
    return { value, changes: core.checkPlan({ plan: value }).changes };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { violations, ...details } = error.details;
    throw new ConfigError(`${name}: ${error.message}`, { ...details, ...(violations && { violations }) });
  }
}

/** Plans what is left to do of a plan file. */
export async function planFromFile(
  { value }: PlanFile,
  { run, siteId }: SiteContext,
  apps: App[],
): Promise<Plan & { alreadyDone: Change[] }> {
  const plan = (await run.core()).applyPlan({ plan: value, apps, ...(siteId !== undefined && { siteId }) });
  for (const warning of plan.warnings) run.output.warn(warning.text);
  return plan;
}
