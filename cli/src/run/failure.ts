/** The report of a failed run: the error, and what was done before. */
import { toFailure, type Failure } from '../errors.js';
import type { Journal } from './journal.js';

/**
 * Returns the report of an error. After a failure half-way it says what was done.
 *
 * @param hasSent Whether a request has been sent.
 */
export function failureOf(error: unknown, journals: readonly Journal[], hasSent: boolean): Failure {
  const failure = toFailure(error, hasSent);
  const done = journals.flatMap((journal) => journal.done);
  const left = journals.flatMap((journal) => journal.left);
  if (done.length) {
    failure.content.message += `; done before: ${done.join(', ')}${left.length ? `; not done: ${left.join(', ')}` : ''}`;
    failure.content['done'] ??= done;
  }
  return failure;
}
