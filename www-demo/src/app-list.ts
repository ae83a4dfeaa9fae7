/** The list of apps. */
import type { OAuthApp, OAuthAppPage } from 'wix-oauth-apps';
import { byId, element } from './dom';

export class AppList {
  readonly #heading = byId('apps-heading', HTMLHeadingElement);
  readonly #list = byId('apps', HTMLUListElement);
  readonly #none = byId('no-apps', HTMLParagraphElement);
  readonly #remove: (app: OAuthApp) => void;

  constructor(remove: (app: OAuthApp) => void) {
    this.#remove = remove;
  }

  show({ oAuthApps, pagingMetadata: { total = oAuthApps.length } }: OAuthAppPage): void {
    this.#heading.textContent = `Apps (${oAuthApps.length < total ? `${oAuthApps.length} of ${total}` : total})`;
    this.#none.hidden = oAuthApps.length > 0;
    this.#list.replaceChildren(...oAuthApps.map((app) => this.#item(app)));
  }

  /** Moves the focus to the heading of the list, because the used button has disappeared with its app. */
  focus(): void {
    this.#heading.focus();
  }

  #item(app: OAuthApp): HTMLLIElement {
    const remove = element('button', { type: 'button', className: 'danger' }, 'Delete');
    remove.setAttribute('aria-label', `Delete ${app.name}`);
    remove.addEventListener('click', () => this.#remove(app));
    return element(
      'li',
      { className: 'app' },
      element('div', { className: 'title' }, element('h3', {}, app.name), remove),
      element(
        'dl',
        {},
        ...row('Client ID', [app.id]),
        ...row('Redirect URIs', app.allowedRedirectUris),
        ...row('Redirect domains', app.allowedRedirectDomains),
      ),
    );
  }
}

function row(term: string, values: string[]): HTMLElement[] {
  const details = values.map((value) => element('dd', {}, element('code', {}, value)));
  return [element('dt', {}, term), ...(details.length ? details : [element('dd', { className: 'hint' }, 'none')])];
}
