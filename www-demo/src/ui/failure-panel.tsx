import type { ComponentChildren } from 'preact';
import type { Failure } from '../failure';

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
