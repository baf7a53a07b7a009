// Mouse and keyboard in the workbench: what a person does in every scene.

/** Whatever Lockset has underlined. */
export const SQUIGGLE = '.squiggly-warning, .squiggly-error, .squiggly-info, .squiggly-hint';

/** Does something until it has an effect: the editor may not know yet what the server has to say. */
export async function retry(page, act, effect) {
  for (let attempt = 1; ; attempt++) {
    await act();
    try {
      return await effect();
    } catch (error) {
      if (attempt === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Runs a command by its name in the command palette; `onEnter` is called at the last key. */
export async function runCommand(page, name, onEnter = () => {}) {
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await retry(
    page,
    () => page.keyboard.press('F1'),
    async () => {
      await input.fill(`>${name}`, { timeout: 2000 });
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().waitFor({ timeout: 5000 });
    },
  );
  onEnter();
  await page.keyboard.press('Enter');
}

/** Opens a file of the workspace by its name. */
export async function openFile(page, name) {
  await page.keyboard.press('Control+p');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor();
  await input.fill(name);
  // Before the list is searched it shows the files opened last, and the first of them would be taken.
  await page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).first().waitFor();
}

/** Puts the caret at a line and a column, both from 1. */
export async function goTo(page, line, column) {
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await retry(
    page,
    async () => {
      await page.keyboard.press('Control+g');
      await input.waitFor();
      await input.fill(`:${line}:${column}`);
      await page.keyboard.press('Enter');
    },
    // Of a line with tabs another column is shown.
    () => page.getByText(`Ln ${line}, Col `).first().waitFor({ timeout: 2000 }),
  );
}

/** Opens the menu of actions at the caret; gives its entry of that title. */
export async function chooseAction(page, title) {
  const item = page.locator('.action-widget .monaco-list-row').filter({ hasText: title }).first();
  await retry(
    page,
    () => page.keyboard.press('Control+.'),
    () => item.waitFor({ timeout: 4000 }),
  );
  return item;
}

/** Moves the mouse over a text in the editor. Spaces in the editor's lines are U+00A0. */
export async function hoverOver(page, text) {
  const pattern = new RegExp(text.replaceAll(' ', '\\s'));
  const span = page.locator('.view-line span', { hasText: pattern }).last();
  const box = await span.boundingBox();
  const content = await span.textContent();
  const column = content.search(pattern) + text.length / 2;
  const x = box.x + (box.width * column) / content.length;
  const y = box.y + box.height / 2;
  await page.mouse.move(x - 5, y);
  await page.mouse.move(x, y, { steps: 4 });
}

/** Waits until the page has stopped moving, for the picture's sake only. */
export async function settle(page) {
  await page.waitForTimeout(400);
}
