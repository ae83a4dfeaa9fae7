/** Confirmations in a modal dialog. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Question {
  title: string;
  body: ComponentChildren;
  /** The text of the button that confirms. */
  action: string;
}

const open = signal<(Question & { answer: (isConfirmed: boolean) => void }) | undefined>();

/** Asks the visitor to confirm something. Escape and Cancel answer `false`. */
export function confirmAction(question: Question): Promise<boolean> {
  open.value?.answer(false);
  return new Promise((resolve) => {
    open.value = {
      ...question,
      answer(isConfirmed) {
        open.value = undefined;
        resolve(isConfirmed);
      },
    };
  });
}

/** The element that holds dialogs, beside the page's other parts, which are hidden from assistive technology meanwhile. */
export function DialogHost() {
  const { value } = open;
  return value === undefined ? null : <Confirmation {...value} />;
}

function Confirmation({ title, body, action, answer }: NonNullable<typeof open.value>) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next event: a second press of a key or a button must reach the dialog.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const behind = document.querySelectorAll<HTMLElement>('body header, body main');
    const modal = dialog.current;
    modal?.showModal();
    // A modal dialog makes the rest inert by itself; not every assistive technology honours that yet.
    behind.forEach((element) => element.setAttribute('aria-hidden', 'true'));
    return () => {
      // An element behind an open modal dialog cannot get the focus.
      modal?.close();
      behind.forEach((element) => element.removeAttribute('aria-hidden'));
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-title"
      aria-describedby="dialog-body"
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id="dialog-title">{title}</h2>
      <div id="dialog-body">{body}</div>
      <div class="actions">
        <button type="button" autofocus onClick={() => answer(false)}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={() => answer(true)}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
