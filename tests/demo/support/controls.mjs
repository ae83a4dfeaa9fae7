// The controls of the page by the names that people know them by.

export const box = (page, name) => page.getByRole('textbox', { name, exact: true });
export const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
export const choose = (page, name, label) => page.getByRole('combobox', { name, exact: true }).selectOption({ label });
export const open = (page, view) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
export const table = (page) => page.getByRole('table', { name: 'OAuth apps' });
export const row = (page, name) => table(page).getByRole('row').filter({ hasText: name });
export const names = (page) => table(page).getByRole('rowheader').allInnerTexts();
/** The text of the focused element, or its ID if it has none. */
export const focused = (page) => page.evaluate(() => document.activeElement.innerText || document.activeElement.id);
/** Answers the dialog with the button of this name. */
export const confirm = (page, name) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
