/**
 * The parts of `@modelcontextprotocol/sdk` that `mcp` uses. The build bundles them: the SDK and its dependencies
 * are 94 packages with 29 MB, the chunk has 330 KB.
 */
export { Server } from '@modelcontextprotocol/sdk/server/index.js';
export { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
export { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
