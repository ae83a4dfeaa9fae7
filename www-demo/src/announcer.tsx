/** Announcements for screen readers of results that appear elsewhere on the page. */
import { signal } from '@preact/signals';

const message = signal('');
let clear: ReturnType<typeof setTimeout> | undefined;

/** Announces a result without moving the focus. */
export function announce(text: string): void {
  clearTimeout(clear);
  message.value = text;
  // The text goes after a while, so that the same text can be announced again.
  clear = setTimeout(() => (message.value = ''), 8_000);
}

/** The live region. It has no role: `status` is the role of the redirect verdict alone. */
export function Announcer() {
  return (
    <p class="announcer" aria-live="polite" aria-atomic="true">
      {message}
    </p>
  );
}
