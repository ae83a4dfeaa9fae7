/** The command `mcp`: a server of the Model Context Protocol on standard input and output. */
import { EXIT, remedyOf, toFailure, UsageError, type FailureContent } from '../../errors.js';
import { describeViolation } from '../../output/output.js';
import { nearest } from '../../parse/nearest.js';
import { RunContext } from '../../run/context.js';
import { Journal } from '../../run/journal.js';
import { redact } from '../../run/redact.js';
import { connect, SiteContext } from '../../run/site.js';
import type { Input } from '../../run/input.js';
import { version } from '../../version.js';
import type { ProgramCommand } from '../command.js';
import { faultsOf } from './schema.js';
import { CallToolRequestSchema, ListToolsRequestSchema, Server, StdioServerTransport } from './sdk.js';
import { TOOLS, type Tool } from './tools.js';

/** The result of a call, as the protocol sends it. */
interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

export const mcp: ProgramCommand = {
  kind: 'program',
  async main(input, run) {
    // Connects first: a server whose credentials cannot be used would fail at each call.
    const connection = await connect(run);
    const tools = TOOLS.filter(({ needs }) => needs === undefined || isGiven(input, needs));
    const server = new Server({ name: 'wix-oauth-apps', version: version() }, { capabilities: { tools: {} } });
    server.onerror = (error) => run.output.notify(`wix-oauth-apps: ${redact(error.message, run.variables)}`);
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(describeTool) }));
    const calls = new Set<Promise<unknown>>();
    server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) => {
      const context = new RunContext(run.definition, input, run.output, AbortSignal.any([run.signal, signal]));
      const site = new SiteContext(context, connection.client, new Journal(), connection.siteId, {});
      const call = callTool(params.name, params.arguments ?? {}, tools, site);
      calls.add(call);
      void call.finally(() => calls.delete(call));
      return call;
    });
    const ended = new Promise<void>((resolve) => {
      const end = () => resolve();
      process.stdin.once('end', end).once('close', end);
      process.stdout.once('error', end);
      run.signal.addEventListener('abort', end, { once: true });
    });
    await server.connect(new StdioServerTransport());
    await ended;
    await Promise.allSettled(calls);
    await server.close().catch(() => {});
    return EXIT.done;
  },
};

const isGiven = ({ options }: Input, name: 'allow-write' | 'allow-delete'): boolean =>
  options[name === 'allow-write' ? 'allowWrite' : 'allowDelete'] === true;

const describeTool = ({ name, title, description, needs, schema }: Tool) => ({
  name,
  title,
  description,
  inputSchema: schema,
  annotations: {
    title,
    readOnlyHint: needs === undefined,
    destructiveHint: ['disallow', 'update', 'delete'].includes(name),
    idempotentHint: name !== 'delete',
    openWorldHint: true,
  },
});

/** Calls a tool. A failure is a result too, so that the agent can read it. */
async function callTool(
  name: string,
  input: Record<string, unknown>,
  tools: readonly Tool[],
  site: SiteContext,
): Promise<ToolResult> {
  try {
    const tool = findTool(name, tools);
    const faults = faultsOf(input, tool.schema);
    if (faults.length) throw new UsageError(`${name}: ${faults.join('\n')}`);
    const result = await tool.run(site, input);
    const text = redact(JSON.stringify(result, null, 2), site.run.variables);
    const value: unknown = JSON.parse(text);
    return {
      content: [{ type: 'text', text }],
      structuredContent: Array.isArray(value) ? { results: value } : (value as Record<string, unknown>),
    };
  } catch (error) {
    return { content: [{ type: 'text', text: redact(describeError(error, site), site.run.variables) }], isError: true };
  }
}

function findTool(name: string, tools: readonly Tool[]): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool) return tool;
  const known = TOOLS.find((candidate) => candidate.name === name);
  if (known?.needs) {
    throw new UsageError(
      `${name}: this server does not offer the tool; whoever runs it can start it with --${known.needs}`,
    );
  }
  const names = tools.map((candidate) => candidate.name);
  const near = nearest(name, names);
  throw new UsageError(
    `${name}: there is no such tool; ${near ? `did you mean ${near}?` : `there are ${names.join(', ')}`}`,
  );
}

/** Returns an error as text: its code and message, the violations, and the remedy. */
function describeError(error: unknown, { journal, run }: SiteContext): string {
  let content: FailureContent;
  try {
    content = toFailure(error, true).content;
  } catch {
    run.output.notify(`wix-oauth-apps: ${redact((error as Error).stack ?? String(error), run.variables)}`);
    return `INTERNAL: an unexpected error: ${(error as Error).message}`;
  }
  const { code, message, violations, candidates = [], requestId } = content;
  const told = violations.map(describeViolation).filter((text) => !message.includes(text));
  const remedy = remedyOf(content);
  return [
    `${code}: ${message}`,
    ...told,
    ...candidates.filter(({ id }) => !message.includes(id)).map(({ id, name }) => `candidate: ${name} (${id})`),
    ...(journal.done.length ? [`done before: ${journal.done.join(', ')}`] : []),
    ...(requestId ? [`request ID: ${requestId}`] : []),
    ...(remedy ? [`remedy: ${remedy}`] : []),
  ].join('\n');
}
