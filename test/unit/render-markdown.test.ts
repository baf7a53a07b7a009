// Findings in Markdown: counts and schedules as the model has them, in no more than a comment can hold.
import { describe, expect, it } from 'vitest';
import { renderFindingsMarkdown } from '../../server/report/render-markdown';
import { rendered, tablesOf, visible } from '../support/read-markdown';
import { outputOf, RICH_FINDING, SAMPLE_INTERLEAVING } from './sample-output';
import { findingOf, rangeOf } from './sample-report';

const TITLE = 'Lockset: 1 error, 1 warning in 4 files';
const summaries = (markdown: string) => [...rendered(markdown).matchAll(/<summary>(.*)<\/summary>/g)].map(([, summary]) => visible(summary));

describe('a comment', () => {
  const markdown = renderFindingsMarkdown(outputOf({ known: [findingOf(), findingOf()] }));

  it('begins with how many there are, by severity and by rule', () => {
    expect(tablesOf(markdown).get(TITLE)![0]).toEqual({
      head: ['Rule', 'Severity', 'Findings'],
      rows: [
        ['unguarded-shared-state', 'error', '1'],
        ['lock-order-inversion', 'warning', '1'],
      ],
    });
  });

  it('says what is not told one by one', () => {
    const text = visible(rendered(markdown));
    expect(text).toContain('2 more findings known before');
    expect(text).toContain('1 finding accepted by comments');
    expect(text).toContain('Not analysed, or only in part: huge.js: too large; a rule failed');
    expect(visible(rendered(renderFindingsMarkdown(outputOf({ suppressed: [], skipped: [] }))))).not.toMatch(/known|accepted|analysed/);
  });

  it('has a line for each finding that makes sense alone, loudest first', () => {
    const quiet = findingOf({ severity: 'hint', message: 'Quiet.' });
    expect(summaries(renderFindingsMarkdown(outputOf({ findings: [quiet, findingOf(), RICH_FINDING] })))).toEqual([
      'error bank.py:5 Bank._balance is changed without Bank._lock.',
      'warning orders.py:12 Stock._lock is taken while Ledger._lock is held, and the other way round elsewhere.',
      'hint orders.py:12 Quiet.',
    ]);
  });

  it('has the rest of the message, the source, the trace and the fixes in it', () => {
    const text = visible(rendered(renderFindingsMarkdown(outputOf({ findings: [RICH_FINDING] }))));
    expect(text).toContain('Elsewhere it is held.');
    expect(text).toContain('unguarded-shared-state in Bank.deposit');
    expect(text).toContain('\nself._balance = self._balance + 4\n');
    expect(text).toMatch(/Here Bank\._lock is held bank\.py:10 self\._balance = self\._balance \+ 9\n+Here a thread is started main\.py:3\n/);
    expect(text).toContain('Fix: Hold Bank._lock (suggestion)');
  });

  it('has the schedule with a column for each side, and how it ends', () => {
    const [, schedule] = tablesOf(markdown).get(TITLE)!;
    const { sides, steps, outcome } = SAMPLE_INTERLEAVING;
    const cell = ({ does, range }: (typeof steps)[number]) => `${does}\nbank.py:${range.start.line + 1} self._balance = self._balance + ${range.start.line}`;
    expect(schedule.head).toEqual(['', ...sides]);
    expect(schedule.rows).toEqual(steps.map((step, index) => [String(index + 1), step.side === 0 ? cell(step) : '', step.side === 1 ? cell(step) : '']));
    expect(rendered(markdown)).toContain(`<strong>${outcome}</strong>`);
  });

  it('has one column where a side harms itself', () => {
    const alone = { ...SAMPLE_INTERLEAVING, sides: ['the thread itself'] as const, steps: SAMPLE_INTERLEAVING.steps.slice(0, 1) };
    const [, schedule] = tablesOf(renderFindingsMarkdown(outputOf({ findings: [{ ...RICH_FINDING, interleaving: alone }] }))).get(
      'Lockset: 1 error in 4 files',
    )!;
    expect(schedule.head).toEqual(['', 'the thread itself']);
    expect(schedule.rows).toHaveLength(1);
  });

  it('says so where nothing is found', () => {
    expect(renderFindingsMarkdown(outputOf({ findings: [], suppressed: [], skipped: [] }))).toBe('### Lockset: no findings in 4 files\n');
  });
});

describe('more than a comment holds', () => {
  const many = (count: number) => Array.from({ length: count }, (_, line) => ({ ...RICH_FINDING, range: rangeOf(line, 8) }));
  const listed = (markdown: string) => [...rendered(markdown).matchAll(/<li>(<b>.*)<\/li>/g)].map(([, line]) => visible(line));

  it('has a line each, after those that open', () => {
    const markdown = renderFindingsMarkdown(outputOf({ findings: many(100).map((finding) => ({ ...finding, message: '*Loud* [x](y). More.' })) }));
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    expect(markdown.length).toBeGreaterThan(60_000);
    const [open, short] = [summaries(markdown), listed(markdown)];
    expect(open.length).toBeGreaterThan(30);
    expect(open.length + short.length).toBe(100);
    expect(short.at(-1)).toBe('error bank.py:100 *Loud* [x](y).');
    expect(visible(rendered(markdown))).not.toContain('left out');
  });

  it('is left out and counted where there is no room for that', () => {
    const markdown = renderFindingsMarkdown(outputOf({ findings: many(1000) }));
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    const left = 1000 - summaries(markdown).length - listed(markdown).length;
    expect(left).toBeGreaterThan(100);
    expect(visible(rendered(markdown))).toContain(`${left} more findings left out, as a comment holds no more; lockset check lists all.`);
    expect(tablesOf(markdown).get('Lockset: 1000 errors in 4 files')![0].rows).toEqual([['unguarded-shared-state', 'error', '1000']]);
  });

  it('does not hide others, where it is a single one', () => {
    const huge = { ...RICH_FINDING, related: Array.from({ length: 3000 }, () => RICH_FINDING.related[0]) };
    const markdown = renderFindingsMarkdown(outputOf({ findings: [huge, findingOf()] }));
    expect(summaries(markdown)).toEqual([expect.stringMatching(/^warning/)]);
    expect(listed(markdown)).toEqual([expect.stringMatching(/^error/)]);
  });
});
