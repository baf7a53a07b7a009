// What people and programs see: findings and the workspace report as text, JSON and HTML.
import { describe, expect, it } from 'vitest';
import { renderFindingsText, renderSummaryText } from '../../server/report/render-findings';
import { renderReportHtml } from '../../server/report/render-html';
import { findingsToJson, reportToJson } from '../../server/report/render-json';
import { renderReportText } from '../../server/report/render-text';
import type { ReportedFinding } from '../../server/report/reported-finding';
import { renderStatisticsText } from '../../server/report/statistics';
import type { WorkspaceReport } from '../../server/report/workspace-report';
import { EMPTY_REPORT, findingOf, rangeOf, SAMPLE_REPORT } from './sample-report';

describe('findings as text', () => {
  it('are one line each with their traces below, lines and columns from 1', () => {
    expect(renderFindingsText([findingOf({ message: 'First line.\nSecond.' })], { relativeTo: '/w' })).toBe(
      'orders.py:12:5 warning lock-order-inversion First line.\n    Second.\n    stock.py:31:9 Here Ledger._lock is taken while Stock._lock is held\n',
    );
  });

  it('show paths outside the folder in full', () => {
    expect(renderFindingsText([findingOf({ file: '/work/x.py', related: [] })], { relativeTo: '/w' })).toContain('/work/x.py:12:5');
  });

  it('name some of what was skipped, and count the rest', () => {
    const skipped = Array.from({ length: 7 }, (_, index) => ({ file: `/w/${index}.py`, reason: 'a binary file' }));
    const text = renderSummaryText([], { files: 1, skipped, exempt: 3 }, { relativeTo: '/w' });
    expect(text).toMatch(/^no findings in 1 file\nskipped 0\.py: a binary file\n/);
    expect(text).toContain('skipped 2 more');
    expect(text).toContain('left out 3 files (tests');
    expect(renderSummaryText([], { files: 0, skipped: [], exempt: 0 })).toBe('nothing to read: no Python, TypeScript or JavaScript files\n');
  });

  it('have colours only when asked, and let no source text send any', () => {
    const evil = findingOf({ file: '/w/\u001b[31m\n.py', message: 'name \u001b]0;title\u0007 \u202e reversed', related: [], interleaving: EVIL_SCHEDULE });
    for (const full of [false, true]) {
      const plain = renderFindingsText([evil], { full, lineOf: () => 'x = "\u001b[2J\u0007"' });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      expect(plain).not.toMatch(/[\u001b\u0007\u202e]/);
      expect(plain).toContain('/w/\\u001b[31m\\u000a.py:12:5');
      expect(renderFindingsText([evil], { full, color: true })).toContain('\u001b[33mwarning');
    }
  });
});

const EVIL_SCHEDULE: ReportedFinding['interleaving'] = {
  sides: ['thread \u001b[1m', 'other \u0007'],
  steps: [{ side: 1, does: 'reads \u001b[31mx', file: '/w/\u0007.py', range: rangeOf(2, 0) }],
  harm: 'lost',
  outcome: 'All \u202eis lost.',
};

describe('findings for reading', () => {
  const lines = ['\ttotal = 日本 + total', 'x'.repeat(300)];
  const lineOf = (_file: string, line: number) => lines[line - 11];
  const full = (finding: ReportedFinding, width: number) => renderFindingsText([finding], { full: true, width, lineOf, relativeTo: '/w' });

  it('mark what they speak of, below tabs and wide characters', () => {
    const text = full(findingOf({ range: rangeOf(11, 14, 5), related: [], message: 'Lost.' }), 80);
    expect(text).toBe('orders.py:12:15 warning lock-order-inversion\n    Lost.\n    12 │ total = 日本 + total\n       │                ^^^^^\n\n');
  });

  it('cut long lines around the mark', () => {
    const [, , source, marks] = full(findingOf({ range: rangeOf(12, 150, 4), related: [], message: 'Lost.' }), 60).split('\n');
    expect(source).toBe(`    13 │ …${'x'.repeat(49)}…`);
    expect(marks).toBe('       │           ^^^^');
  });

  it('keep within the terminal, in two columns or one', () => {
    const interleaving: ReportedFinding['interleaving'] = {
      sides: ['a thread running work()', 'another thread running work()'],
      steps: [
        { side: 0, does: 'reads Account.balance: the old value', file: '/w/orders.py', range: rangeOf(11, 0) },
        { side: 1, does: 'reads Account.balance: the same old value', file: '/w/stock.py', range: rangeOf(3, 0) },
      ],
      harm: 'lost',
      outcome: 'One withdrawal is lost.',
    };
    const finding = findingOf({ range: rangeOf(11, 14), interleaving });
    for (const width of [40, 80, 200]) {
      for (const line of full(finding, width).split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(width);
    }
    expect(full(finding, 80)).toContain('    a thread running work()              │ another thread running work()\n');
    expect(full(finding, 40)).toContain(
      '    B: another thread running work()\n    A  reads Account.balance: the old\n       value (line 12)\n    B  reads Account.balance: the same\n',
    );
    expect(full(finding, 40)).toContain('\n    One withdrawal is lost.\n');
  });
});

describe('statistics', () => {
  it('count by rule, the most frequent first', () => {
    const findings = [findingOf(), findingOf({ rule: 'lost-update', severity: 'error' }), findingOf({ rule: 'lost-update', severity: 'error' })];
    expect(renderStatisticsText(findings)).toBe(
      'count  severity  rule                  fixable\n    2  error     lost-update\n    1  warning   lock-order-inversion\n\n',
    );
    expect(renderStatisticsText([])).toBe('');
  });
});

describe('JSON', () => {
  const json = findingsToJson(
    SAMPLE_REPORT.findings,
    { analysed: 4, exempt: 1, skipped: [{ file: '/w/huge.js', reason: 'too large' }] },
    { version: '1.2.3', relativeTo: '/w' },
  );

  it('follows the contract', () => {
    expect(json).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'lockset', version: '1.2.3' },
      files: { analysed: 4, exempt: 1, skipped: [{ file: 'huge.js', reason: 'too large' }] },
      summary: { findings: 2, errors: 1, warnings: 1, information: 0, hints: 0 },
    });
    expect((json as { findings: unknown[] }).findings[0]).toEqual({
      rule: 'lock-order-inversion',
      family: 'lock-order',
      severity: 'warning',
      confidence: 0.8,
      file: 'orders.py',
      line: 12,
      column: 5,
      endLine: 12,
      endColumn: 10,
      symbol: 'Orders.place',
      message: expect.any(String),
      related: [{ file: 'stock.py', line: 31, column: 9, endLine: 31, endColumn: 14, message: expect.any(String) }],
      fixes: [
        {
          kind: 'swap-locks',
          title: 'Take the locks in one order',
          safety: 'unsafe',
          edits: [{ file: 'orders.py', line: 12, column: 5, endLine: 12, endColumn: 10, newText: 'x' }],
        },
      ],
    });
  });

  it('of the report has every part, no ranges from 0', () => {
    const report = reportToJson(SAMPLE_REPORT, { version: '1', relativeTo: '/w' });
    expect(Object.keys(report)).toEqual([
      'schemaVersion',
      'tool',
      'summary',
      'checklist',
      'counts',
      'roots',
      'shared',
      'locks',
      'order',
      'cycles',
      'map',
      'skipped',
      'findings',
      'suppressed',
    ]);
    const text = JSON.stringify(report);
    expect(text).not.toContain('"range"');
    expect(text).not.toContain('/w/');
    expect(text).not.toMatch(/"line":0/);
  });
});

describe('the report as text', () => {
  it('has every section', () => {
    const change = { since: 'known.json', fresh: [1], known: 1, gone: [{ rule: 'lost-update', file: 'old.py', symbol: 'Old.run', message: '' }] };
    const text = renderReportText(
      { ...SAMPLE_REPORT, change, suppressed: [{ ...findingOf(), justification: 'one thread' }] },
      { relativeTo: '/w', width: 200 },
    );
    for (const line of [
      '4 files, 31 functions, 1 class: 1 error, 1 warning',
      '  families    lock-order 1, shared-state 1',
      '  !! Locks are taken in one order, and never waited for by their holder: 1 finding; 2 locks, 2 pairs held together, 1 circle',
      '  thread Worker.run several at a time: started in a loop',
      '      started at main.py:21:5 in main by threading.Thread',
      '      reaches 12 functions',
      '  Cache._items: guarded by Cache._lock, held at 1 of 2 accesses, 1 write inconsistent-guard',
      '      reached by main, thread Worker.run',
      '      read cache.py:23:9 in Cache.size, no lock, without the guard',
      '  Cache._lock threading.Lock, keeps out threads',
      '      taken 3 times, first at cache.py:6:9',
      '      guards Cache._items',
      '      slow while held: waits for others in socket.socket.recv cache.py:16:13 in Cache.put',
      '  circle Ledger._lock -> Stock._lock -> Ledger._lock',
      '  Stock._lock -> Ledger._lock in a circle',
      '      stock.py:31:9 Stock.take() takes Ledger._lock as well',
      'orders.py:12:5 warning lock-order-inversion',
      '  orders.py:12:5 lock-order-inversion: one thread',
      '  since known.json: 1 new, 1 known, 1 fixed',
      '    fixed lost-update in Old.run old.py',
      '  huge.js: too large',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('keeps within the terminal', () => {
    for (const width of [40, 80]) {
      // The line that programs read stays one.
      const lines = renderReportText(SAMPLE_REPORT, { relativeTo: '/w', width })
        .split('\n')
        .filter((line) => !/^\S+:\d+:\d+ /.test(line));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  it('says kindly that there is nothing', () => {
    const counts = { ...EMPTY_REPORT.counts, files: 2 };
    expect(renderReportText({ ...EMPTY_REPORT, counts })).toContain('Nothing runs concurrently here, as far as the analysis sees');
    expect(renderReportText(EMPTY_REPORT)).toContain('There is nothing to read');
  });
});

describe('the report as a page', () => {
  it('shows places as data for an editor, and as file and line for people', () => {
    const page = renderReportHtml(SAMPLE_REPORT, { relativeTo: '/w' });
    expect(page).toContain('data-file="/w/orders.py" data-line="11" data-column="4">orders.py:12</span>');
    expect(renderReportHtml(SAMPLE_REPORT, { nonce: 'abc' })).toContain('<button type="button" class="place" data-file="/w/orders.py"');
    expect(renderReportHtml(SAMPLE_REPORT, { linkTo: (file, line) => `vscode://file${file}:${line + 1}` })).toContain('href="vscode://file/w/orders.py:12"');
    expect(renderReportHtml(SAMPLE_REPORT, { linkTo: () => 'javascript:alert(1)' })).not.toContain('javascript:');
  });

  it('shows with each root the shared places it reaches', () => {
    const page = renderReportHtml(SAMPLE_REPORT);
    const row = page.slice(page.indexOf('data-id="/w/worker.py#Worker.run:thread"'));
    expect(row.slice(0, row.indexOf('</tbody>'))).toMatch(/>12<\/span> functions<.*>Cache\._items<\/a>.*>settings<\/a>/s);
  });

  it('shows source lines with the range marked, and leaves out what it does not know', () => {
    const page = renderReportHtml(SAMPLE_REPORT, { sourceLine: (file, line) => (file === '/w/orders.py' && line === 11 ? '    <b> & c' : undefined) });
    expect(page).toContain('<code class="source"><span class="line" data-line="12"><mark>&#60;b&#62; &#38;</mark> c</span></code>');
    // Both findings stand there, and a step of the order of locks.
    expect(page.match(/class="source"/g)).toHaveLength(3);
  });

  it('allows no script, no network and no style but its own', () => {
    const page = renderReportHtml(SAMPLE_REPORT);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1].replaceAll('&#39;', "'") ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'nonce-[0-9a-f]{16}'; base-uri 'none'; form-action 'none'$/);
    expect(page).not.toMatch(/<script|\son\w+=|\sstyle=|https?:\/\/|<link|<iframe|<img/i);
    const inEditor = renderReportHtml(SAMPLE_REPORT, { nonce: 'n0', contentSecuritySource: 'vscode-resource:' });
    expect(inEditor).toContain('style-src &#39;nonce-n0&#39; vscode-resource:; ');
    expect(inEditor).toContain('script-src &#39;nonce-n0&#39;');
  });

  it('holds its own script and data, which nothing in them can end', () => {
    const script = 'tell("</script><script>alert(1)</SCRIPT><!--", /<\\/script>/);';
    const label = '</script><script>alert(1)</script><!--';
    const node = { id: label, kind: 'lock', label, group: 0, file: 0, line: 0, column: 0 } as const;
    const map = { files: [label], groups: [{ label, file: 0 }], nodes: [node], edges: [] };
    const page = renderReportHtml({ ...SAMPLE_REPORT, map }, { script });
    const nonce = /script-src &#39;nonce-(\w+)&#39;/.exec(page)?.[1];
    const elements = [...page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/gi)];
    expect(elements.map(([, attributes]) => attributes)).toEqual([' type="application/json" id="lockset-map"', ` nonce="${nonce}"`]);
    expect(JSON.parse(elements[0][2])).toEqual(map);
    expect(page).not.toContain('<!--');
    const said: unknown[] = [];
    new Function('tell', elements[1][2])((text: string, pattern: RegExp) => said.push(text, pattern.test('</script>')));
    expect(said).toEqual(['</script><script>alert(1)</SCRIPT><!--', true]);
  });

  it('escapes every text that comes from a workspace', () => {
    const attack = `"'><script>alert(1)</script><img src=x onerror=alert(1)>\`&`;
    const poisoned = JSON.parse(JSON.stringify(SAMPLE_REPORT), (_key, value: unknown) =>
      typeof value === 'string' && !isFixed(value) ? value + attack : value,
    ) as WorkspaceReport;
    const page = renderReportHtml(poisoned, { subject: attack, sourceLine: () => attack });
    expect(page).toContain('&#60;script&#62;');
    expect(page).not.toMatch(/<script|<img/i);
    // Attributes stay within their quotes: no tag has an attribute that the renderer does not write.
    const attributes = new Set(
      [...page.matchAll(/<[a-z][^<>]*>/gi)].flatMap(([tag]) => [...tag.replace(/"[^"]*"/g, '""').matchAll(/\s([a-z-]+)=/gi)].map((found) => found[1])),
    );
    expect([...attributes].filter((name) => name.startsWith('on') || name === 'src')).toEqual([]);
  });

  it('says so when there is nothing', () => {
    const page = renderReportHtml(EMPTY_REPORT);
    expect(page).toContain('There is nothing to read here');
    const oneAfterTheOther = renderReportHtml({ ...EMPTY_REPORT, counts: { ...EMPTY_REPORT.counts, files: 3 }, skipped: SAMPLE_REPORT.skipped });
    expect(oneAfterTheOther).toContain('Nothing in this program runs beside anything else');
    expect(oneAfterTheOther).toMatch(/>3<\/span> files analysed.*too large/s);
    expect(page).not.toContain('id="locks"');
    expect(renderReportText(EMPTY_REPORT)).toContain('0 files, 0 functions, 0 classes: no findings');
  });
});

/** Words of closed sets, which rules and renderers choose among; everything else may hold what a stranger wrote. */
function isFixed(value: string): boolean {
  const severities: readonly ReportedFinding['severity'][] = ['error', 'warning', 'information', 'hint'];
  return (severities as readonly string[]).includes(value) || ['lock-order', 'shared-state', 'unsafe', 'threads', 'processes'].includes(value);
}
