// What keeps people from reading the report's page: axe-core looks for it in every scheme of colours, narrow and wide, everything open.
import assert from 'node:assert/strict';
import axe from 'axe-core';

const LOOKS = [
  ['light', 1280, { colorScheme: 'light' }],
  ['dark', 1280, { colorScheme: 'dark' }],
  ['forced colours', 1280, { colorScheme: 'dark', forcedColors: 'active' }],
  ['narrow', 360, { colorScheme: 'light' }],
];

export async function testBarriers(results, { context, reportOf }) {
  const address = reportOf('barriers', 'examples');
  for (const [name, width, media] of LOOKS) {
    const page = await context.newPage();
    await results.check(`page: nothing bars the way, ${name}`, async () => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia(media);
      await page.goto(address);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      // Parts that come into view while axe looks lie over one another for a moment.
      await page.evaluate(() => {
        for (const part of document.querySelectorAll('.finding .body, .rows tbody')) part.style.contentVisibility = 'visible';
      });
      await page.locator('#map svg').first().waitFor();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await page.evaluate(axe.source);
      assert.deepEqual(await violations(page), []);
      // Forced colours make words vanish where only one of a pair is set; axe knows nothing of that.
      const marked = await page
        .locator('.source mark')
        .first()
        .evaluate((mark) => [getComputedStyle(mark).color, getComputedStyle(mark).backgroundColor]);
      assert.notEqual(marked[0], marked[1]);
      assert.equal(marked[1] === 'rgba(0, 0, 0, 0)', media.forcedColors === undefined);
      await page.locator('.finding button.rule').first().click();
      assert.deepEqual(await violations(page, '#rules > .card:popover-open'), []);
    });
    await page.close();
  }
}

async function violations(page, within = 'body') {
  const found = await page.evaluate(async (selector) => (await window.axe.run(selector)).violations, within);
  return found.flatMap(({ id, nodes }) =>
    nodes.filter((node) => !isBadge(id, node)).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  );
}

/** The number on a node of the map is in the node's name as words: `2 findings`. */
function isBadge(id, { html }) {
  return id === 'label-content-name-mismatch' && /^<g class="map-node/.test(html);
}
