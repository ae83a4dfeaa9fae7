/** The form for a new app: a draft is read out of it, and violations are shown beside the fields they belong to. */
import type { OAuthAppDraft, Violation } from 'wix-oauth-apps';
import { byId, element } from './dom';

const FIELDS = ['name', 'allowedRedirectUris', 'allowedRedirectDomains'] as const;
type Field = (typeof FIELDS)[number];

const EXAMPLE: Record<Field, string> = {
  name: 'Storefront',
  allowedRedirectUris: 'https://shop.example.com/callback\nhttps://Shop.example.com\nhttp://shop.example.com/callback',
  allowedRedirectDomains: 'https://shop.example.com\nvercel.app',
};

/** Violations appear when the typing pauses: half a URL is always wrong. */
const PAUSE = 300;

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
      this.#pause = setTimeout(() => this.#check(), PAUSE);
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

  /** Shows these violations and no others. One that belongs to no field of the form stands above its buttons. */
  show(violations: Violation[]): void {
    const rest = new Set(violations);
    for (const field of FIELDS) {
      const own = violations.filter((violation) => place(violation).field === field);
      own.forEach((violation) => rest.delete(violation));
      control(field).setAttribute('aria-invalid', String(own.some(({ severity }) => severity === 'error')));
      list(field).replaceChildren(...own.map((violation) => this.#item(violation)));
    }
    list('other').replaceChildren(...[...rest].map((violation) => this.#item(violation)));
  }

  /** Shows why the draft was refused, and goes to the first field that has an error. */
  refuse(violations: Violation[]): void {
    this.show(violations);
    this.#form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  /** Empty, for the next app. */
  reset(): void {
    this.#form.reset();
    this.#edited.clear();
    this.show([]);
    control('name').focus();
  }

  /** Fields that nobody has touched yet are left in peace. */
  #check(): void {
    this.show(this.#validate(this.read()).filter((violation) => this.#edited.has(place(violation).field)));
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
    const isReplaceable = line !== undefined || place(violation).field === 'name';
    if (suggestion !== undefined && isReplaceable) {
      const button = element('button', { type: 'button' }, 'Use ', element('code', {}, suggestion));
      button.addEventListener('click', () => this.#accept(violation, suggestion));
      item.append(' ', button);
    }
    return item;
  }

  #accept(violation: Violation, suggestion: string): void {
    const target = control(place(violation).field as Field);
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

/** One entry a line; empty lines do not count. */
function entries(field: Field): { text: string; line: number }[] {
  const lines = control(field).value.split('\n');
  return lines.map((text, line) => ({ text, line })).filter(({ text }) => text.trim() !== '');
}

/** `allowedRedirectUris[3]` is the fourth entry of a field. */
function place({ field }: Violation): { field: string; index?: number } {
  const [, name = '', index] = /^(\w*)(?:\[(\d+)\])?/.exec(field) ?? [];
  return index === undefined ? { field: name } : { field: name, index: Number(index) };
}

function lineOf(violation: Violation): number | undefined {
  const { field, index } = place(violation);
  return index === undefined ? undefined : entries(field as Field)[index]?.line;
}
