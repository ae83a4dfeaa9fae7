import { useRef, useState } from 'preact/hooks';
import { announce } from '../announcer';
import { failureOf, type Failure } from '../failure';

export interface Action {
  isRunning: boolean;
  failure: Failure | undefined;
  /** The result of the last task that succeeded, for the visitor. */
  done: string | undefined;
  /**
   * Runs a task unless one is running, and announces the text that it returns. Returns whether it succeeded; an error
   * becomes `failure` with this title.
   */
  run(title: string, task: () => Promise<string | void>): Promise<boolean>;
  clear(): void;
}

/** One thing at a time that the visitor starts, with its failure. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  const [done, setDone] = useState<string | undefined>();
  // The state of a render that is over does not know about a second click.
  const isBusy = useRef(false);
  return {
    isRunning,
    failure,
    done,
    clear() {
      setFailure(undefined);
      setDone(undefined);
    },
    async run(title, task) {
      if (isBusy.current) return false;
      isBusy.current = true;
      setRunning(true);
      setFailure(undefined);
      setDone(undefined);
      try {
        const text = await task();
        if (typeof text === 'string') {
          setDone(text);
          announce(text);
        }
        return true;
      } catch (error) {
        setFailure(failureOf(title, error));
        return false;
      } finally {
        isBusy.current = false;
        setRunning(false);
      }
    },
  };
}
