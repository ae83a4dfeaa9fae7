/** What the page is doing, what it did, and what went wrong. */
import { byId } from './dom';

const status = byId('status', HTMLParagraphElement);
const failure = byId('failure', HTMLParagraphElement);

/** Says what is done, in place of what was said before. */
export function showStatus(text: string): void {
  status.textContent = text;
  failure.textContent = '';
}

/** Says what went wrong, in place of what was said before. */
export function showFailure(text: string): void {
  status.textContent = '';
  failure.textContent = text;
}

/** What a thrown value says. */
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Carries out one action with every control disabled, so that nothing is sent twice. Whatever the action throws is
 * shown after `failed`. Returns whether it succeeded.
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
    // A control that is disabled loses the focus, and whoever uses the keyboard their place.
    if (document.activeElement === document.body && focused instanceof HTMLElement) focused.focus();
  }
}

function disable(disabled: boolean): void {
  for (const control of document.querySelectorAll<HTMLButtonElement>('button, input, textarea')) {
    control.disabled = disabled;
  }
}

// Nothing fails in silence, not even what nobody thought of.
addEventListener('error', ({ message }) => showFailure(`The page failed: ${message}`));
addEventListener('unhandledrejection', ({ reason }) => showFailure(`The page failed: ${messageOf(reason)}`));
