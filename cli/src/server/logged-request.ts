/** A request that has ended. */
export interface LoggedRequest {
  /** When it ended, in microseconds since 1970. No two requests have the same time. */
  time: number;
  method: string;
  path: string;
  /** The status, or the kind of failure of a request without a complete response. */
  outcome: number | string;
  /** The status that was sent; 0 if none was. */
  status: number;
  /** The duration in tenths of a millisecond. */
  tenths: number;
  /** Why it was refused, or which fault it met; empty if neither. */
  reason: string;
}
