import { useRef, useState } from 'preact/hooks';
import { failureOf, type Failure } from '../failure';

export interface Action {
  isRunning: boolean;
  failure: Failure | undefined;
  /** Runs a task unless one is running. Returns whether it succeeded; an error becomes `failure` with this title. */
  run(title: string, task: () => Promise<void>): Promise<boolean>;
  clear(): void;
}

/** One thing at a time that the visitor starts, with its failure. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>();
  // The state of a render that is over does not know about a second click.
  const isBusy = useRef(false);
  return {
    isRunning,
    failure,
    clear: () => setFailure(undefined),
    async run(title, task) {
      if (isBusy.current) return false;
      isBusy.current = true;
      setRunning(true);
      setFailure(undefined);
      try {
        await task();
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
