/** The changes that a run has made and those that are left, for the message after an interruption or a failure half-way. */

type State = 'pending' | 'running' | 'done' | 'failed';

interface Step {
  /** The change, in the infinitive: `delete the app Shop (…)`. */
  text: string;
  state: State;
}

/** The codes of errors after which it is not known whether the change was made. */
const UNCERTAIN: readonly unknown[] = ['ABORTED', 'OUTCOME_UNKNOWN'];

export class Journal {
  readonly #steps: Step[] = [];

  /** Announces changes before the first is made, so that a run that ends early can name those that are left. */
  announce(texts: readonly string[]): void {
    for (const text of texts) this.#steps.push({ text, state: 'pending' });
  }

  /** Makes a change, which may have been announced. */
  async step<T>(text: string, change: () => Promise<T>): Promise<T> {
    let step = this.#steps.find((candidate) => candidate.state === 'pending' && candidate.text === text);
    if (!step) this.#steps.push((step = { text, state: 'pending' }));
    step.state = 'running';
    try {
      const result = await change();
      step.state = 'done';
      return result;
    } catch (error) {
      // The request may have been carried out; another failure is reported by the error.
      if (!UNCERTAIN.includes((error as { code?: unknown }).code)) step.state = 'failed';
      throw error;
    }
  }

  /** The changes that were made. */
  get done(): string[] {
    return this.#texts('done');
  }

  /** The changes that were not made. */
  get left(): string[] {
    return [...this.#texts('failed'), ...this.#texts('pending')];
  }

  /** The changes that were interrupted: they may have been made. */
  get uncertain(): string[] {
    return this.#texts('running');
  }

  /** Returns what was done and what was not, as the rest of a sentence that begins with `interrupted`. */
  describe(): string {
    const parts = [
      ['done', this.done],
      ['perhaps done', this.uncertain],
      ['not done', this.left],
    ] as const;
    const told = parts.filter(([, texts]) => texts.length).map(([name, texts]) => `${name}: ${texts.join(', ')}`);
    if (!this.done.length && !this.uncertain.length) told.unshift('nothing was changed');
    return told.join('; ');
  }

  #texts(state: State): string[] {
    return this.#steps.filter((step) => step.state === state).map(({ text }) => text);
  }
}
