// The report's page in a browser: filters, sorting, links, keys, printing, and nothing that its policy forbids.
import assert from 'node:assert/strict';
import path from 'node:path';

export async function testReading(results, { context, home, lockset, reportOf }) {
  const plain = reportOf('reading', 'examples');
  // The findings of one half of the program are known.
  const baseline = path.join(home, 'known.json');
  lockset('check', 'examples/python', '--baseline', baseline, '--update-baseline', '--fail-on', 'never', '--quiet');
  const compared = reportOf('compared', 'examples', ['--baseline', baseline]);
  const check = async (title, run, address = plain) => {
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.stack));
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()));
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => console.error(`policy: ${violatedDirective}`)),
    );
    await results.check(`page: ${title}`, async () => {
      await page.goto(address);
      await run(page);
      assert.deepEqual(faults, []);
    });
    await page.close();
  };
  await check('findings are filtered by words, topic, rule, folder and severity', filtersFindings);
  await check('new findings alone are shown', showsNew, compared);
  await check('a question of the checklist leads to its findings', followsChecklist);
  await check('links lead to sections and rows, and open what hides them', followsLinks);
  await check('tables are filtered and sorted', sorts);
  await check('all can be reached, opened and closed by keys', takesKeys);
  await check('the page of a rule opens over the report', showsRule);
  await check('a place that is pressed is copied', copies);
  await check('on paper everything is open and no control is left', prints);
  await check('without its script nothing but filters and map is missing', readsWithoutScript);
  await check('nothing is wider than a narrow page', fits);
}

const findings = (page) => page.locator('#finding-list > article:visible');
const shown = (page) => page.locator('#finding-shown').textContent();

async function filtersFindings(page) {
  const all = await findings(page).count();
  assert.ok(all > 4);
  assert.equal(await shown(page), `${all} of ${all} findings shown`);
  await page.getByRole('searchbox', { name: 'Words' }).first().fill('LEDGER opposite');
  assert.deepEqual(
    await findings(page)
      .locator('h3')
      .allTextContents()
      .then((texts) => texts.map((text) => /ledger/.test(text))),
    [true],
  );
  assert.equal(await shown(page), `1 of ${all} findings shown`);
  const form = page.locator('form[data-filters="finding-list"]');
  await form.getByRole('button', { name: 'Show all' }).click();
  await page.waitForFunction((text) => document.querySelector('#finding-shown').textContent === text, `${all} of ${all} findings shown`);
  for (const name of ['family', 'rule', 'folder']) {
    const options = await page.locator(`#finding-${name} option`).evaluateAll((list) => list.map(({ value, textContent }) => [value, textContent]));
    for (const [value, text] of options.slice(1)) {
      await page.locator(`#finding-${name}`).selectOption(value);
      const number = Number(/\((\d+)\)$/.exec(text)[1]);
      assert.equal(await findings(page).count(), number, `${name} ${value}`);
    }
    await page.locator(`#finding-${name}`).selectOption('');
  }
  const severity = page.locator('input[name=severity]').first();
  const value = await severity.getAttribute('value');
  await severity.uncheck();
  assert.equal(await page.locator(`article.finding.${value}:visible`).count(), 0);
}

async function showsNew(page) {
  const number = Number(await page.locator('#change [data-count=fresh]').textContent());
  const all = await findings(page).count();
  assert.ok(number > 0 && number < all);
  await page.getByRole('link', { name: 'Show what is new' }).click();
  assert.equal(await findings(page).count(), number);
  assert.equal(await findings(page).locator('.new').count(), number);
}

async function followsChecklist(page) {
  const item = page.locator('.checks li.bad').first();
  const number = Number(/^(\d+) finding/.exec(await item.locator('[data-told=detail]').textContent())[1]);
  await item.getByRole('link').click();
  assert.equal(await findings(page).count(), number);
  assert.ok(await page.locator('#findings h2').evaluate((title) => title.getBoundingClientRect().top < innerHeight / 2));
}

async function followsLinks(page) {
  const links = await page.locator('nav.sections a').evaluateAll((list) => list.map(({ hash }) => hash));
  for (const hash of links) {
    await page.locator(`${hash} > details`).evaluate((details) => (details.open = false));
    await page.locator(`nav.sections a[href="${hash}"]`).click();
    await page.waitForFunction((id) => {
      const { top } = document.querySelector(id).getBoundingClientRect();
      return document.querySelector(`${id} > details`).open && top >= 0 && top < innerHeight;
    }, hash);
  }
  await page.locator('#locks').scrollIntoViewIfNeeded();
  await page.locator('nav.sections a[href="#locks"]').click();
  await page.locator('nav.sections a[href="#locks"][aria-current]').waitFor();
  // From a root to a place that a closed section and a filter hide.
  await page.locator('#shared-table-words').fill('nothing is called so');
  assert.equal(await page.locator('#shared-table > tbody:visible').count(), 0);
  await page.locator('#shared > details').evaluate((details) => (details.open = false));
  const link = page.locator('#roots a[href^="#place-"]:visible').first();
  const target = page.locator(await link.getAttribute('href'));
  await link.click();
  await target.waitFor();
  assert.ok(await target.evaluate((row) => row.getBoundingClientRect().top < innerHeight));
}

async function sorts(page) {
  const names = () => page.locator('#shared-table > tbody:visible > tr:first-child > th').evaluateAll((heads) => heads.map(({ dataset }) => dataset.sort));
  const given = await names();
  const head = page.locator('#shared-table thead').getByRole('button', { name: 'Place' });
  await head.click();
  const sorted = [...given].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  assert.deepEqual(await names(), sorted);
  assert.equal(await page.locator('#shared-table thead th').first().getAttribute('aria-sort'), 'ascending');
  await head.press('Enter');
  assert.deepEqual(await names(), sorted.reverse());
  await head.click();
  assert.deepEqual(await names(), given);
  await page.locator('#shared-table-found').check();
  const found = await page.locator('#shared-table > tbody').evaluateAll((rows) => rows.filter(({ dataset }) => dataset.flags.includes('found')).length);
  assert.equal((await names()).length, found);
  assert.equal(await page.locator('#shared-table-shown').textContent(), `${found} of ${given.length} places shown`);
}

async function takesKeys(page) {
  const focused = () => page.evaluate(() => ({ text: document.activeElement.textContent, outline: getComputedStyle(document.activeElement).outlineStyle }));
  await page.keyboard.press('Tab');
  assert.equal((await focused()).text, 'Skip to the report');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await page.keyboard.press('Tab');
  assert.match((await focused()).text, /^Summary/);
  assert.notEqual((await focused()).outline, 'none');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#summary > details').evaluate(({ open }) => open), false);
  await page.keyboard.press('Space');
  // Every stop shows where it is, and the order is that of the page.
  const seen = [];
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab');
    const { outline } = await focused();
    assert.notEqual(outline, 'none');
    seen.push(await page.evaluate(() => document.activeElement.getBoundingClientRect().top + scrollY));
  }
  assert.ok(
    seen.every((top, index) => index === 0 || top >= seen[index - 1] - 60),
    String(seen),
  );
}

async function showsRule(page) {
  const button = page.locator('.finding button.rule').first();
  const card = page.locator(`#${await button.getAttribute('popovertarget')}`);
  assert.equal(await card.isVisible(), false);
  await button.press('Enter');
  assert.match(await card.textContent(), /Why it is bad/);
  assert.ok((await card.locator('.hljs-keyword').count()) > 0);
  await page.keyboard.press('Escape');
  assert.equal(await card.isVisible(), false);
  assert.ok(await button.evaluate((element) => element === document.activeElement));
}

async function copies(page) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const place = page.locator('.finding button.place').first();
  const text = await place.textContent();
  assert.match(text, /^\S+\.(py|ts):\d+$/);
  await place.click();
  await page
    .getByRole('status')
    .filter({ hasText: `Copied ${text}` })
    .waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
}

async function prints(page) {
  await page.locator('[data-open=none]').click();
  await page.emulateMedia({ media: 'print' });
  const pdf = await page.pdf();
  assert.ok(pdf.length > 20_000);
  assert.match(await page.locator('#printed').textContent(), /Printed on/);
  assert.equal(await page.locator('nav.sections, .filter, .skip').filter({ visible: true }).count(), 0);
  // What a closed element holds takes room on paper, also where no script has opened it.
  assert.ok(
    await page
      .locator('.finding .source')
      .first()
      .evaluate((source) => source.getBoundingClientRect().height > 10),
  );
  assert.ok(await page.locator('#rules > .card').first().isVisible());
}

async function readsWithoutScript(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setScriptExecutionDisabled', { value: true });
  const [, sections, rows] = await Promise.all(['.finding', 'main > section', '.rows > tbody'].map((selector) => page.locator(selector).count()));
  await page.reload();
  assert.equal(await page.locator('main > section').count(), sections);
  assert.equal(await page.locator('.rows > tbody:visible').count(), rows);
  assert.equal(await page.locator('form:visible, .map-picture').count(), 0);
  assert.equal(await page.locator('.no-script').isVisible(), true);
  await page.locator('#shared-table details > summary').first().click();
  assert.ok(await page.locator('#shared-table .accesses').first().isVisible());
  await page.locator('.finding button.rule').first().click();
  assert.ok(await page.locator('#rules > .card:visible').count(), 1);
}

async function fits(page) {
  await page.setViewportSize({ width: 360, height: 800 });
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter((element) => !element.closest('.map, [popover], thead') && element.getBoundingClientRect().right > innerWidth + 1)
      .map(({ outerHTML }) => outerHTML.slice(0, 120)),
  );
  assert.deepEqual(wide, []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
}
