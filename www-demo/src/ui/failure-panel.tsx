import type { ComponentChildren } from 'preact';
import type { Failure } from '../failure';
import type { Action } from './use-action';

/** The result of an action: its failure, or what it has done. */
export function ActionResult({ action: { failure, done } }: { action: Action }) {
  return (
    <>
      <FailurePanel failure={failure} />
      {done !== undefined && <p class="done">{done}</p>}
    </>
  );
}

/** An error, announced as soon as it appears. `children` are the buttons that lead on. */
export function FailurePanel({ failure, children }: { failure: Failure | undefined; children?: ComponentChildren }) {
  return (
    <div role="alert">
      {failure !== undefined && (
        <div class="panel error">
          <p>
            <strong>{failure.title}.</strong>
          </p>
          <p class="wrap">{failure.message}</p>
          {failure.remedy !== undefined && <p>{failure.remedy}</p>}
          {children !== undefined && <div class="actions">{children}</div>}
        </div>
      )}
    </div>
  );
}
