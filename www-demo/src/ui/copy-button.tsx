import { useRef, useState } from 'preact/hooks';
import { announce } from '../announcer';

/** A button that copies a text. `what` names the text for people who cannot see what stands beside the button. */
export function CopyButton({ text, what }: { text: () => string; what: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const show = (next: 'copied' | 'failed', said: string) => {
    setState(next);
    announce(said);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState('ready'), 3_000);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      show('copied', `${what} copied.`);
    } catch {
      // Without https and off this machine, browsers offer no clipboard.
      show('failed', `${what} not copied: the browser does not let this page use the clipboard. Select and copy it.`);
    }
  };
  const label = { ready: 'Copy', copied: 'Copied', failed: 'Not copied' }[state];
  return (
    <button type="button" class="small" aria-label={`${label} ${what}`} onClick={copy}>
      {label}
    </button>
  );
}

/** Code with a button that copies it. */
export function CodeBlock({ code, what }: { code: string; what: string }) {
  return (
    <div class="code-block">
      <CopyButton text={() => code} what={what} />
      {/* A box that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label={what}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
