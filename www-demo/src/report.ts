/** Reports what the page does, has done, and could not do. */
import { byId } from './dom';

const status = byId('status', HTMLParagraphElement);
const failure = byId('failure', HTMLParagraphElement);

/** Shows a status in place of the previous message. */
export function showStatus(text: string): void {
  status.textContent = text;
  failure.textContent = '';
}

/** Shows a failure in place of the previous message. */
export function showFailure(text: string): void {
  status.textContent = '';
  failure.textContent = text;
}

/** Returns the message of a thrown value. */
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Runs an action with every control disabled, so that nothing is sent twice. Shows an exception after the text `failed`.
 * Returns whether the action succeeded.
 */
export async function perform(doing: string, failed: string, action: () => Promise<void>): Promise<boolean> {
  const focused = document.activeElement;
  showStatus(doing);
  disable(true);
  try {
    await action();
    return true;
  } catch (error) {
    showFailure(`${failed}: ${messageOf(error)}`);
    return false;
  } finally {
    disable(false);
    // A disabled control loses the focus, which keyboard users need.
    if (document.activeElement === document.body && focused instanceof HTMLElement) focused.focus();
  }
}

function disable(disabled: boolean): void {
  for (const control of document.querySelectorAll<HTMLButtonElement>('button, input, textarea')) {
    control.disabled = disabled;
  }
}

// Unexpected errors are shown too.
addEventListener('error', ({ message }) => showFailure(`The page failed: ${message}`));
addEventListener('unhandledrejection', ({ reason }) => showFailure(`The page failed: ${messageOf(reason)}`));
