// The report's page against the model: what each row says, in order and without anything more, and every number in the page.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type CheerioAPI, load } from 'cheerio';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderReportHtml } from '../../server/report/render-html';
import { checksOf, lockPairs } from '../../server/report/report-checks';
import type { ReportedFinding } from '../../server/report/reported-finding';
import type { WorkspaceReport } from '../../server/report/workspace-report';
import { analyse } from '../support/analyse';
import { expectedPage, loudestFirst } from '../support/expected-page';
import { findingOf, rangeOf, SAMPLE_REPORT } from './sample-report';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const FOLDER = '/w';

/** Everything that a page can show, by hand: a change, accepted findings, schedules of both kinds, equal findings. */
const SCHEDULED = findingOf({
  interleaving: {
    sides: ['thread A1', 'thread B2'],
    steps: [0, 1, 1, 0].map((side, index) => ({ side: side as 0 | 1, does: `step ${index} of it`, file: '/w/stock.py', range: rangeOf(index, 2) })),
    harm: 'stuck',
    outcome: 'Both wait for 2 locks.',
  },
});
const ALONE = findingOf({ interleaving: { ...SCHEDULED.interleaving!, sides: ['the loop'], steps: SCHEDULED.interleaving!.steps.slice(0, 1), harm: 'fails' } });
const BY_HAND: WorkspaceReport = {
  ...SAMPLE_REPORT,
  findings: [SCHEDULED, ALONE, ...SAMPLE_REPORT.findings, findingOf({ symbol: '', severity: 'hint', family: 'advice' })],
  suppressed: [
    { ...findingOf(), justification: 'run by 1 thread' },
    { ...findingOf({ severity: 'error' }), justification: '' },
  ],
  change: { since: 'base-2.json', fresh: [1, 4], known: 3, gone: [{ rule: 'busy-wait', file: 'old3.py', symbol: 'Old.run', message: 'Waits. Busily.' }] },
};

const reports = new Map<string, { readonly report: WorkspaceReport; readonly sourceLine: (file: string, line: number) => string | undefined }>();

beforeAll(async () => {
  const files = Object.fromEntries(
    readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:py|ts)$/.test(entry.name))
      .map(({ parentPath, name }) => [`${FOLDER}/${relative(EXAMPLES, join(parentPath, name))}`, readFileSync(join(parentPath, name), 'utf8')]),
  );
  const report = (await analyse(files)).report();
  reports.set('the examples', { report, sourceLine: (file, line) => files[file]?.split(/\r?\n/)[line] });
  reports.set('a report by hand', { report: BY_HAND, sourceLine: (_file, line) => `\tline ${line} of it` });
}, 60_000);

describe.each(['the examples', 'a report by hand'])('the page of %s', (name) => {
  let $: CheerioAPI;
  let report: WorkspaceReport;
  let findings: readonly ReportedFinding[];

  beforeAll(() => {
    const { sourceLine } = reports.get(name)!;
    report = reports.get(name)!.report;
    findings = loudestFirst(report.findings);
    $ = load(renderReportHtml(report, { relativeTo: FOLDER, subject: 'w', sourceLine, script: '' }));
  });

  it('says in each section what the model says, in its order, and nothing else', () => {
    const expected = expectedPage(report, FOLDER);
    expect(
      $('nav.sections a')
        .toArray()
        .map((link) => $(link).attr('href')),
    ).toEqual(Object.keys(expected.sections).map((id) => `#${id}`));
    for (const [id, facts] of Object.entries(expected.sections)) expect([id, ...factsIn($, `#${id} > details > :not(summary)`)]).toEqual([id, ...facts]);
    expect(factsIn($, 'nav.sections')).toEqual(expected.navigation);
    expect(factsIn($, 'main > section > details > summary')).toEqual(expected.navigation);
  });

  it('has no number that stands for nothing in the model', () => {
    const unknown = $('body *')
      .contents()
      .toArray()
      .filter(
        (node) =>
          node.type === 'text' &&
          /\d/.test(node.data) &&
          $(node).parent().closest('[data-count], [data-told], [data-file], .source, [data-rule-page], script, summary .where').length === 0,
      )
      .map((node) => $(node).text());
    expect(unknown).toEqual([]);
  });

  it('says by words what the model says by signs', () => {
    const texts = (selector: string) =>
      $(selector)
        .toArray()
        .map((element) => $(element).text());
    expect(
      $('.checks li')
        .toArray()
        .map((item) => $(item).attr('class')),
    ).toEqual(checksOf(report).map(({ state }) => state));
    expect(texts('.finding .severity')).toEqual(findings.map(({ severity }) => severity));
    const roots = report.roots.map(({ id, many }) => `${id} ${many ? 'several' : 'one'}`);
    expect(
      $('.roots tbody')
        .toArray()
        .map((row) => `${$(row).attr('data-id')} ${/^\w+/.exec($(row).find('[data-title="How many"]').text())}`)
        .sort(),
    ).toEqual(roots.sort());
    const accesses = report.shared.flatMap((place) => place.accesses);
    expect(texts('.accesses li > :first-child')).toEqual(accesses.map(({ write }) => (write ? 'write' : 'read')));
    expect(
      $('.accesses li')
        .toArray()
        .map((item) => $(item).is('.breaks')),
    ).toEqual(accesses.map(({ breaks }) => breaks === true));
    const pairs = lockPairs(report.order).map(({ inverted, inCycle }) => [inverted ? 'both orders' : 'always this one', inCycle ? 'yes' : 'no']);
    expect(
      $('#order-table tbody')
        .toArray()
        .map((row) => ['Order', 'Circle'].map((title) => $(row).find(`[data-title="${title}"]`).text())),
    ).toEqual(pairs);
    const harms = findings.flatMap(({ interleaving }) => interleaving?.harm ?? []);
    expect(texts('.outcome b').map((text) => text.toLowerCase())).toEqual(harms);
    const sides = findings.flatMap(({ interleaving }) => interleaving?.steps.map(({ side }) => side) ?? []);
    expect(
      $('.schedule tbody tr:not(.outcome)')
        .toArray()
        .map((row) =>
          $(row)
            .find('td')
            .toArray()
            .findIndex((cell) => $(cell).text() !== ''),
        ),
    ).toEqual(sides);
  });

  it('shows the source at each place', () => {
    const { sourceLine } = reports.get(name)!;
    const lines = $('.source .line').toArray();
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      const file = $(line).closest('.source').prevAll('.facts, [data-file]').first();
      const place = file.is('[data-file]') ? file : file.find('[data-file]');
      expect($(line).text().trim()).toBe(sourceLine(place.attr('data-file')!, Number($(line).attr('data-line')) - 1)?.trim());
    }
  });

  it('leads only to what is there, by names that are there once', () => {
    const ids = $('[id]')
      .toArray()
      .map((element) => $(element).attr('id')!);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const targets = [
      ...$('a[href^="#"]')
        .toArray()
        .map((link) => $(link).attr('href')!.slice(1)),
      ...$('[popovertarget]')
        .toArray()
        .map((button) => $(button).attr('popovertarget')!),
      ...$('[data-filters]')
        .toArray()
        .map((form) => $(form).attr('data-filters')!),
    ];
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
    expect($('details:not([id]), input:not([id]), select:not([id])').length).toBe(0);
  });

  it('can filter by what its findings are', () => {
    const cards = $('#finding-list > article').toArray();
    const folders = $('#finding-folder option')
      .toArray()
      .map((option) => $(option).attr('value'));
    expect(cards.map((card) => [$(card).attr('data-severity'), $(card).attr('data-rule'), $(card).attr('data-family'), $(card).attr('data-flags')])).toEqual(
      findings.map((finding) => {
        const isNew = report.change?.fresh.includes(report.findings.indexOf(finding));
        return [finding.severity, finding.rule, finding.family, isNew ? 'new' : undefined];
      }),
    );
    for (const card of cards) expect(folders).toContain($(card).attr('data-folder'));
  });
});

/** What is marked as of the model, in order: `key=number`, `key=text`, places, and the shares that bars show. */
function factsIn($: CheerioAPI, selector: string): readonly string[] {
  const marked = '[data-count], [data-told], [data-file], .bar';
  const facts = $(selector).find(marked).addBack(marked);
  return facts.toArray().map((element) => {
    const data = (name: string) => $(element).attr(`data-${name}`);
    const text = $(element).text();
    const [count, told, file, of, value] = ['count', 'told', 'file', 'of', 'value'].map(data);
    if (count !== undefined) {
      if (value !== undefined) expect(text).toMatch(value === '0' ? /none/ : new RegExp(`\\(${value}\\)$`));
      return `${count}${of === undefined ? '' : `(${of})`}=${value ?? text}`;
    }
    if (told !== undefined) return `${told}=${text}`;
    if (file !== undefined) return `at ${file}:${data('line')}:${data('column')} as ${text}`;
    return `bar ${$(element).find('.part').attr('width')}`;
  });
}
