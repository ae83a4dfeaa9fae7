/** The progress of a run for many sites: a bar on a terminal, a line a site otherwise. */
import type { Output } from './output.js';
import { shorten } from './text.js';

const MAX_BAR = 30;
/** The bar is drawn again after so many milliseconds at the earliest. */
const INTERVAL = 100;

export class Progress {
  readonly #output: Output;
  readonly #total: number;
  readonly #start = performance.now();
  #done = 0;
  #failed = 0;
  #drawn = -Infinity;

  constructor(output: Output, total: number) {
    this.#output = output;
    this.#total = total;
    this.#draw();
  }

  /** Counts a site that has finished. */
  advance(siteId: string, text: string, ok: boolean): void {
    this.#done += 1;
    if (!ok) this.#failed += 1;
    const { errorStyle, hasStatus } = this.#output;
    const mark = ok ? errorStyle.green : errorStyle.red;
    // With a bar, the sites that are done need no line of their own.
    if (!hasStatus || !ok) this.#output.progress(`[${this.#done}/${this.#total}] ${siteId} ${mark(text)}`);
    this.#draw();
  }

  /** Removes the bar. */
  end(): void {
    this.#output.setStatus(undefined);
  }

  #draw(): void {
    const now = performance.now();
    if (!this.#output.hasStatus || (now - this.#drawn < INTERVAL && this.#done < this.#total)) return;
    this.#drawn = now;
    this.#output.setStatus(this.#text((now - this.#start) / 1_000));
  }

  #text(seconds: number): string {
    const width = this.#output.errorStyle.width ?? 80;
    const rate = seconds > 0 ? this.#done / seconds : 0;
    const counts = `${this.#done}/${this.#total}`;
    const failed = this.#failed ? `, ${this.#failed} failed` : '';
    const rest = rate > 0 && this.#done < this.#total ? `, ${duration((this.#total - this.#done) / rate)} left` : '';
    const text = `${counts}${failed}${rest}`;
    const room = Math.min(MAX_BAR, width - text.length - 4);
    const filled = this.#total ? Math.round((room * this.#done) / this.#total) : room;
    const bar = room >= 5 ? `[${'#'.repeat(filled)}${'.'.repeat(room - filled)}] ` : '';
    // The last column stays free: some terminals would wrap.
    return shorten(`${bar}${text}`, width - 1);
  }
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
