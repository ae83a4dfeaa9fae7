/** Colours and the width of the terminal. */
import type { WriteStream } from 'node:tty';

/** How text for people is written to a stream. */
export interface Style {
  bold: (text: string) => string;
  dim: (text: string) => string;
  red: (text: string) => string;
  green: (text: string) => string;
  yellow: (text: string) => string;
  /** The columns of the terminal; undefined if the text goes to a file or a pipe, where lines may have any length. */
  width: number | undefined;
}

const ESCAPES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/**
 * Returns the style for a stream.
 *
 * @param wantsColor What `--no-color` says; the environment and the terminal decide if it is not given.
 */
export function styleFor(stream: WriteStream, wantsColor: boolean | undefined, env = process.env): Style {
  const hasColor = wantsColor !== false && supportsColor(stream, env);
  const paint =
    ([open, close]: readonly [number, number]) =>
    (text: string) =>
      hasColor && text !== '' ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return {
    bold: paint(ESCAPES.bold),
    dim: paint(ESCAPES.dim),
    red: paint(ESCAPES.red),
    green: paint(ESCAPES.green),
    yellow: paint(ESCAPES.yellow),
    width: widthOf(stream, env),
  };
}

/** NO_COLOR (no-color.org) and FORCE_COLOR (force-color.org) take precedence over the kind of the stream. */
function supportsColor(stream: WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return Boolean(stream.isTTY) && env['TERM'] !== 'dumb';
}

/** Returns the width of the terminal. COLUMNS is for terminals that do not report one. */
function widthOf(stream: WriteStream, env: NodeJS.ProcessEnv): number | undefined {
  const columns = Number(env['COLUMNS']);
  return (stream.isTTY && stream.columns) || (columns > 0 ? columns : undefined);
}
