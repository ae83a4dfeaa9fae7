/** The form for a new app. It yields a draft, and shows violations beside their fields. */
import type { OAuthAppDraft, Violation } from 'wix-oauth-apps';
import { byId, element } from './dom';

const FIELDS = ['name', 'allowedRedirectUris', 'allowedRedirectDomains'] as const;
type Field = (typeof FIELDS)[number];

const EXAMPLE: Record<Field, string> = {
  name: 'Storefront',
  allowedRedirectUris: 'https://shop.example.com/callback\nhttps://Shop.example.com\nhttp://shop.example.com/callback',
  allowedRedirectDomains: 'https://shop.example.com\nvercel.app',
};

/** The delay after the last input before the draft is checked, in milliseconds: an incomplete URL is always invalid. */
const CHECK_DELAY = 300;

export interface DraftFormOptions {
  validate: (draft: OAuthAppDraft) => Violation[];
  submit: (draft: OAuthAppDraft) => void;
}

export class DraftForm {
  readonly #form = byId('new-app', HTMLFormElement);
  readonly #validate: DraftFormOptions['validate'];
  readonly #edited = new Set<string>();
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor({ validate, submit }: DraftFormOptions) {
    this.#validate = validate;
    this.#form.addEventListener('input', ({ target }) => {
      this.#edited.add((target as HTMLInputElement).name);
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#check(), CHECK_DELAY);
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      clearTimeout(this.#pause);
      FIELDS.forEach((field) => this.#edited.add(field));
      submit(this.read());
    });
    byId('example', HTMLButtonElement).addEventListener('click', () => this.#fillIn());
  }

  read(): OAuthAppDraft {
    return {
      name: control('name').value,
      allowedRedirectUris: entries('allowedRedirectUris').map(({ text }) => text),
      allowedRedirectDomains: entries('allowedRedirectDomains').map(({ text }) => text),
    };
  }

  /** Shows these violations and no others. One without a field in the form is shown above the buttons. */
  show(violations: Violation[]): void {
    const rest = new Set(violations);
    for (const field of FIELDS) {
      const own = violations.filter((violation) => parsePath(violation).field === field);
      own.forEach((violation) => rest.delete(violation));
      control(field).setAttribute('aria-invalid', String(own.some(({ severity }) => severity === 'error')));
      list(field).replaceChildren(...own.map((violation) => this.#item(violation)));
    }
    list('other').replaceChildren(...[...rest].map((violation) => this.#item(violation)));
  }

  /** Shows the violations of a refused draft, and focuses the first field with an error. */
  refuse(violations: Violation[]): void {
    this.show(violations);
    this.#form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  /** Empties the form for the next app. */
  reset(): void {
    this.#form.reset();
    this.#edited.clear();
    this.show([]);
    control('name').focus();
  }

  /** Shows the violations of the fields that the user has edited. */
  #check(): void {
    this.show(this.#validate(this.read()).filter((violation) => this.#edited.has(parsePath(violation).field)));
  }

  #fillIn(): void {
    for (const field of FIELDS) {
      control(field).value = EXAMPLE[field];
      this.#edited.add(field);
    }
    this.#check();
  }

  #item(violation: Violation): HTMLLIElement {
    const { severity, message, suggestion } = violation;
    const line = lineOf(violation);
    const label = (severity === 'error' ? 'Error' : 'Warning') + (line === undefined ? '' : `, line ${line + 1}`);
    const item = element('li', { className: severity }, element('strong', {}, `${label}:`), ` ${message}`);
    const isReplaceable = line !== undefined || parsePath(violation).field === 'name';
    if (suggestion !== undefined && isReplaceable) {
      const button = element('button', { type: 'button' }, 'Use ', element('code', {}, suggestion));
      button.addEventListener('click', () => this.#accept(violation, suggestion));
      item.append(' ', button);
    }
    return item;
  }

  #accept(violation: Violation, suggestion: string): void {
    const target = control(parsePath(violation).field as Field);
    const lines = target.value.split('\n');
    lines[lineOf(violation) ?? 0] = suggestion;
    target.value = lines.join('\n');
    this.#edited.add(target.name);
    this.#check();
    target.focus();
  }
}

const control = (field: Field) => document.getElementById(field) as HTMLInputElement | HTMLTextAreaElement;

const list = (field: Field | 'other') => byId(`${field}-violations`, HTMLUListElement);

/** Returns the entries of a field: its lines that are not empty. */
function entries(field: Field): { text: string; line: number }[] {
  const lines = control(field).value.split('\n');
  return lines.map((text, line) => ({ text, line })).filter(({ text }) => text.trim() !== '');
}

/** Splits the path of a violation: `allowedRedirectUris[3]` is the fourth entry of a field. */
function parsePath({ field }: Violation): { field: string; index?: number } {
  const [, name = '', index] = /^(\w*)(?:\[(\d+)\])?/.exec(field) ?? [];
  return index === undefined ? { field: name } : { field: name, index: Number(index) };
}

function lineOf(violation: Violation): number | undefined {
  const { field, index } = parsePath(violation);
  return index === undefined ? undefined : entries(field as Field)[index]?.line;
}
