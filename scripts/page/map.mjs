// The map in a browser: what it draws is what its data says, nothing overlaps, and focus, filters, keys and the list do what they say.
import assert from 'node:assert/strict';

/** A program with so many classes, each with a thread, a lock, and two places of which one is not always guarded: nine nodes a class. */
function program(classes) {
  const one = (number) => `
class Store${number}:
    def __init__(self):
        self._lock = threading.Lock()
        self._items${number} = {}
        self._count${number} = 0

    def put(self, key):
        with self._lock:
            self._items${number}[key] = 1
            self._count${number} += 1

    def take(self, key):
        with self._lock:
            self._count${number} -= 1
            return self._items${number}.pop(key)

    def reset(self):
        self._count${number} = 0

    def _work(self):
        while True:
            self.put(1)
            self.take(1)
            self.reset()${number > 0 ? `\n            Store${number - 1}().put(2)` : ''}

    def start(self):
        threading.Thread(target=self._work).start()
        threading.Thread(target=self._work).start()
`;
  return { 'stores.py': `import threading\n${Array.from({ length: classes }, (_, number) => one(number)).join('\n')}` };
}

export async function testMap(results, { context, reportOf }) {
  const pages = { examples: reportOf('examples', 'examples'), many: reportOf('many', program(22)), tooMany: reportOf('too-many', program(60)) };
  const check = async (title, address, run) => {
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.stack));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    // As in the editor, so that what is pressed tells where it leads.
    await page.addInitScript(() => {
      window.told = [];
      window.acquireVsCodeApi = () => ({ postMessage: (message) => window.told.push(message), getState: () => undefined, setState: () => {} });
    });
    await results.check(`map: ${title}`, async () => {
      await page.goto(address);
      await page.locator('#map .map-picture').waitFor();
      await run(page, JSON.parse(await page.locator('#lockset-map').textContent()));
      assert.deepEqual(faults, []);
    });
    await page.close();
  };
  await check('shows all of a small program', pages.examples, showsAll);
  await check('draws the order of locks alone as well', pages.examples, showsOrder);
  await check('nothing overlaps and labels stay inside at 200 nodes', pages.many, nothingOverlaps);
  await check('is drawn before anybody notices', pages.many, isQuick);
  await check('shows classes and files where all is too much, and opens them', pages.tooMany, showsOverview);
  await check('shows what is around one node, and the way back', pages.examples, focuses);
  await check('finds by words, by findings and by what is unguarded', pages.examples, filters);
  await check('leaves out kinds, and joins what they stood between', pages.examples, hidesKinds);
  await check('is gone through, opened and left by keys', pages.examples, takesKeys);
  await check('is dragged, zoomed and fitted', pages.many, moves);
  await check('is a list, too', pages.examples, lists);
  await check('keeps its place when the page is refreshed', pages.examples, survivesRefresh);
}

const nodesOf = (page, map = '#map') => page.locator(`${map} .map-picture .map-node`);
const idsOf = async (page, map) => (await nodesOf(page, map).evaluateAll((nodes) => nodes.map((node) => node.dataset.id))).sort();
const said = (page) => page.locator('#map .map-said').textContent();
const sorted = (items) => [...new Set(items)].sort();
const node = (page, id) => nodesOf(page).and(page.locator(`[data-id="${id}"]`));
const idEnding = (map, end) => map.nodes.find(({ id }) => id.endsWith(end)).id;

/** The ids within some steps of others, by the data alone. */
function around(map, ids, steps) {
  const reached = new Set(ids);
  for (let step = 0; step < steps; step++) {
    const before = new Set(reached);
    for (const { from, to } of map.edges) {
      const [a, b] = [map.nodes[from].id, map.nodes[to].id];
      if (before.has(a)) reached.add(b);
      if (before.has(b)) reached.add(a);
    }
  }
  return sorted(reached);
}

async function showsAll(page, map) {
  assert.deepEqual(await idsOf(page), sorted(map.nodes.map(({ id }) => id)));
  assert.match(await said(page), new RegExp(`^Shown: everything \\(${map.nodes.length} nodes\\)\\.`));
  const pairs = sorted(map.edges.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from} ${to}`));
  assert.equal(await page.locator('#map .map-edge').and(page.locator('[marker-end]')).count(), pairs.length);
  const bad = sorted(map.edges.filter(({ breaks, inCycle }) => breaks || inCycle).map(({ from, to }) => `${from} ${to}`));
  assert.equal(await page.locator('#map .map-edge.bad[marker-end]').count(), bad.length);
  assert.ok(bad.length > 0);
  const badges = await page.locator('#map .map-badge-text').allTextContents();
  assert.deepEqual(badges.map(Number).sort(), map.nodes.flatMap(({ findings }) => findings?.length ?? []).sort());
}

async function showsOrder(page, map) {
  const order = map.edges.filter(({ kind }) => kind === 'order');
  assert.deepEqual(await idsOf(page, '#lock-map'), sorted(order.flatMap(({ from, to }) => [map.nodes[from].id, map.nodes[to].id])));
  assert.equal(await page.locator('#lock-map .map-edge.map-order[marker-end]').count(), order.length);
}

async function nothingOverlaps(page, map) {
  assert.ok(map.nodes.length >= 170 && map.nodes.length <= 200, `${map.nodes.length} nodes`);
  assert.equal(await nodesOf(page).count(), map.nodes.length);
  const found = await page.locator('#map .map-picture').evaluate((svg) => {
    const boxOf = (element) => {
      const { x, y, width, height } = element.getBBox();
      return { x, y, right: x + width, bottom: y + height };
    };
    const overlap = (a, b) => a.x < b.right - 0.5 && b.x < a.right - 0.5 && a.y < b.bottom - 0.5 && b.y < a.bottom - 0.5;
    const within = (a, b) => a.x >= b.x - 0.5 && a.right <= b.right + 0.5 && a.y >= b.y - 0.5 && a.bottom <= b.bottom + 0.5;
    const pairsOf = (boxes) => boxes.flatMap((box, index) => boxes.slice(index + 1).filter((other) => overlap(box, other)));
    const nodes = [...svg.querySelectorAll('.map-node')];
    const shapes = nodes.map((each) => boxOf(each.querySelector('.map-shape:not(.behind)')));
    const clusters = [...svg.querySelectorAll('.map-cluster rect')].map(boxOf);
    return {
      nodes: pairsOf(shapes).length,
      clusters: pairsOf(clusters).length,
      outside: shapes.filter((shape) => !clusters.some((cluster) => within(shape, cluster))).length,
      labels: nodes.filter((each, index) => ![...each.querySelectorAll('text')].every((text) => within(boxOf(text), shapes[index]))).length,
    };
  });
  assert.deepEqual(found, { nodes: 0, clusters: 0, outside: 0, labels: 0 });
}

async function isQuick(page) {
  const took = await page.evaluate(() => {
    const begun = performance.now();
    const box = document.querySelector('#map .map-kinds input');
    box.click();
    box.click();
    return (performance.now() - begun) / 2;
  });
  // Far less on any machine; the limit is for one that does other things meanwhile.
  assert.ok(took < 1000, `${Math.round(took)} ms`);
}

async function showsOverview(page, map) {
  assert.ok(map.nodes.length > 400);
  assert.match(await said(page), /is too much to draw/);
  assert.ok((await nodesOf(page).count()) <= 60);
  const group = map.groups.findIndex(({ label }) => label === 'Store7');
  await node(page, `group ${map.files[map.groups[group].file]} Store7`).focus();
  await page.keyboard.press('Enter');
  const members = map.nodes.filter((each) => each.group === group).map(({ id }) => id);
  assert.deepEqual(await idsOf(page), around(map, members, 1));
  assert.deepEqual(await page.evaluate('window.told.filter(({ file }) => file)'), []);
}

async function focuses(page, map) {
  const id = idEnding(map, 'ThumbnailCache._order');
  await page.locator('#map select').last().selectOption('1');
  await node(page, id).locator('.map-handle').click();
  assert.deepEqual(await idsOf(page), around(map, [id], 1));
  await page.locator('#map select').last().selectOption('2');
  assert.deepEqual(await idsOf(page), around(map, [id], 2));
  const second = idEnding(map, 'ThumbnailCache._lock');
  await node(page, second).focus();
  await page.keyboard.press('f');
  assert.deepEqual(await idsOf(page), around(map, [second], 2));
  assert.deepEqual(await page.locator('#map .map-trail').textContent(), 'Whole map › ThumbnailCache._order › ThumbnailCache._lock');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.id), second);
  await page.locator('#map .map-trail button').nth(1).click();
  assert.deepEqual(await idsOf(page), around(map, [id], 2));
  await page.locator('#map .map-trail button').first().click();
  assert.equal(await nodesOf(page).count(), map.nodes.length);
}

async function filters(page, map) {
  const only = page.locator('#map select').first();
  await only.selectOption('findings');
  const withFindings = map.nodes.filter(({ findings }) => findings).map(({ id }) => id);
  assert.deepEqual(await idsOf(page), around(map, withFindings, 1));
  await only.selectOption('unguarded');
  const broken = new Set(map.edges.filter(({ breaks }) => breaks).map(({ to }) => to));
  const unguarded = map.nodes.filter(({ kind, guard }, index) => (kind === 'place' && guard === undefined) || broken.has(index)).map(({ id }) => id);
  assert.deepEqual(await idsOf(page), around(map, unguarded, 1));
  assert.equal(await page.locator('#map .map-picture .map-node.unguarded').count(), unguarded.length);
  await only.selectOption('');
  await page.locator('#map input[type="search"]').fill('jobs.py waiting');
  await page.waitForFunction(() => /^Shown: 1 found/.test(document.querySelector('#map .map-said').textContent));
  assert.deepEqual(await idsOf(page), around(map, [idEnding(map, 'JobQueue._waiting')], 1));
  await page.locator('#map input[type="search"]').fill('no such thing');
  await page.waitForFunction(() => document.querySelector('#map .map-said').textContent === 'Nothing of that kind is here.');
}

async function hidesKinds(page, map) {
  await page.getByLabel('Functions', { exact: true }).first().uncheck();
  const shown = map.nodes.filter(({ kind }) => kind !== 'function');
  assert.deepEqual(await idsOf(page), sorted(shown.map(({ id }) => id)));
  // A thread that touches a place through functions alone is joined to it.
  const titles = await page.locator('#map .map-edge[marker-end] title').allTextContents();
  assert.ok(
    titles.some((title) => title.includes('Service._work writes JobQueue._waiting with JobQueue._condition')),
    titles.join('\n'),
  );
}

async function takesKeys(page, map) {
  const current = () => page.evaluate(() => document.activeElement.dataset.id);
  assert.equal(await page.locator('#map .map-picture [tabindex="0"]').count(), 1);
  const start = idEnding(map, 'Service.start');
  await node(page, start).focus();
  await page.keyboard.press('ArrowRight');
  const next = await current();
  const linked = map.edges.some(({ from, to }) => [map.nodes[from].id, map.nodes[to].id].sort().join() === [start, next].sort().join());
  assert.ok(linked, next);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await current(), start);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await current(), start);
  await node(page, start).focus();
  assert.equal(await page.locator('#map .map-picture [tabindex="0"]').count(), 1);
  await page.keyboard.press('Enter');
  const { file, line, column } = map.nodes.find(({ id }) => id === start);
  assert.deepEqual(await page.evaluate('window.told.at(-1)'), { file: map.files[file], line, column });
  await page.keyboard.press('Space');
  assert.deepEqual(await idsOf(page), around(map, [start], 1));
  assert.equal(await current(), start);
  await page.keyboard.press('Escape');
  assert.equal(await nodesOf(page).count(), map.nodes.length);
  assert.equal(await current(), start);
}

async function moves(page) {
  const picture = page.locator('#map .map-picture');
  const window = async () => (await picture.getAttribute('viewBox')).split(' ').map(Number);
  const before = await window();
  await picture.scrollIntoViewIfNeeded();
  const frame = await picture.boundingBox();
  const middle = [frame.x + frame.width / 2, frame.y + frame.height / 2];
  await page.mouse.move(...middle);
  await page.mouse.down();
  await page.mouse.move(middle[0] - 60, middle[1] - 90, { steps: 4 });
  await page.mouse.up();
  const dragged = await window();
  const scale = frame.width / before[2];
  assert.ok(Math.abs(dragged[0] - before[0] - 60 / scale) < 2 && Math.abs(dragged[1] - before[1] - 90 / scale) < 2, `${before} ${dragged}`);
  assert.deepEqual(await page.evaluate('window.told.filter(({ file }) => file)'), [], 'a drag opens nothing');
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await page.waitForFunction((width) => Number(document.querySelector('#map .map-picture').getAttribute('viewBox').split(' ')[2]) < width, dragged[2]);
  await page.getByRole('button', { name: 'Fit the whole picture' }).last().click();
  const outside = await picture.evaluate((svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('.map-shape')].filter((shape) => {
      const { left, right, top, bottom } = shape.getBoundingClientRect();
      return left < frame.left || right > frame.right || top < frame.top || bottom > frame.bottom;
    }).length;
  });
  assert.equal(outside, 0);
}

async function lists(page, map) {
  await page.locator('#map .map-list summary').click();
  const places = page.locator('#map .map-list .place');
  // It is written when it has been opened, not at once.
  await places.first().waitFor();
  assert.equal(await places.count(), map.nodes.length);
  const id = idEnding(map, 'JobQueue._waiting');
  const entry = page.locator('#map .map-list li').filter({ hasText: 'JobQueue._waiting, shared place' }).last();
  await entry.locator('.place').first().click();
  const { file, line, column } = map.nodes.find((each) => each.id === id);
  assert.deepEqual(await page.evaluate('window.told.at(-1)'), { file: map.files[file], line, column });
  await entry.locator('.map-around').first().click();
  assert.deepEqual(await idsOf(page), around(map, [id], 1));
  assert.equal(await places.count(), around(map, [id], 1).length);
}

async function survivesRefresh(page, map) {
  const id = idEnding(map, 'ThumbnailCache._order');
  await node(page, id).focus();
  await page.keyboard.press('Space');
  await page.evaluate((gone) => {
    const data = document.querySelector('#lockset-map');
    const map = JSON.parse(data.textContent);
    map.edges = map.edges.filter(({ to }) => map.nodes[to].id !== gone);
    data.textContent = JSON.stringify(map);
    document.dispatchEvent(new Event('lockset:refreshed'));
  }, id);
  assert.deepEqual(await idsOf(page), around({ ...map, edges: map.edges.filter(({ to }) => map.nodes[to].id !== id) }, [id], 1));
  assert.equal(await page.evaluate(() => document.activeElement.dataset.id), id);
}
