// Pieces of Markdown: whatever the workspace is called, the reader sees exactly that, and nothing of it is obeyed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, plain, plainHtml, sourceBlock, table } from '../../server/report/markdown-parts';
import { harmless } from '../../server/report/plain-text';
import { rendered, tablesOf, visible } from '../support/read-markdown';

const NASTY = ['`', '``', '```', '|', '\\', '\\|', '*', '_', '__', '<b>', '</details>', '<!--', '[x](y)', '![i](j)', '[', ']', '@user', '#12', '&amp;', '&'];
const ODD = [
  '\n',
  '\r\n',
  '\t',
  ' ',
  '$',
  '~~',
  'http://a.b',
  'www.x.y',
  'a@b.cd',
  '1.',
  '1)',
  '-',
  '+',
  '=',
  '#',
  '>',
  ':',
  '\u202e',
  '\u0000',
  'é',
  '😀',
  'a',
  '"',
  "'",
];
const hostile = fc.array(fc.constantFrom(...NASTY, ...ODD), { maxLength: 12 }).map((parts) => parts.join(''));

/** What is to be seen of a text: one line, and control characters as such. */
const seen = (text: string) => harmless(text.trim().replace(/\s*[\r\n]\s*|\t/g, ' '));
const tagsOf = (markup: string) => new Set([...markup.matchAll(/<\/?(\w+)/g)].map(([, name]) => name));

describe('a text of the workspace', () => {
  it.each<[string, (text: string) => string, string[]]>([
    ['as text', plain, ['p', 'span']],
    ['as code', code, ['p', 'code']],
    ['as text after a list number', (text) => `1. ${plain(text)}`, ['ol', 'li', 'span']],
  ])('%s is seen as it is', (_, write, tags) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markup = rendered(write(text));
        expect(visible(markup).trim()).toBe(seen(text));
        expect(tags).toEqual(expect.arrayContaining([...tagsOf(markup)]));
      }),
      { numRuns: 2000 },
    );
  });

  it('in a table stays in its cell', () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        const markdown = table(['A', 'B', 'C', 'D'], [[plain(first), code(second), plain(second), code(first)]]);
        expect(tablesOf(markdown).get('')).toEqual([
          { head: ['A', 'B', 'C', 'D'], rows: [[seen(first), seen(second), seen(second), seen(first)].map((cell) => cell.trim())] },
        ]);
      }),
      { numRuns: 2000 },
    );
  });

  it('in an element is seen as it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markup = rendered(`<details>\n<summary>x${plainHtml(text)}</summary>\n\nend\n\n</details>`);
        expect(visible(/<summary>x(.*)<\/summary>/.exec(markup)![1])).toBe(seen(text));
        expect(visible(markup).trim()).toMatch(/end$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('as a block of source is seen as it is', () => {
    fc.assert(
      fc.property(hostile, (line) => {
        const markdown = sourceBlock(line, 'a.py');
        if (markdown === '') expect(line.trim()).toBe('');
        else expect(rendered(markdown)).toMatch(/^<pre><code class="language-python">[^<]*<\/code><\/pre>\n$/);
        expect(visible(rendered(markdown))).toBe(seen(line));
      }),
      { numRuns: 1000 },
    );
  });

  it('calls nobody: no name and no number stands in one text with what makes a reference of it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const markup of [rendered(plain(text)), plainHtml(text)]) {
          const texts = markup.split(/<[^>]*>/).map(visible);
          expect(texts.filter((each) => /[@#]\w/.test(each))).toEqual([]);
        }
      }),
    );
  });

  it('is cut where it is as long as minified code', () => {
    expect(code('x'.repeat(1000)).length).toBeLessThan(350);
  });
});

describe('a table', () => {
  it('says how many rows it leaves out', () => {
    const markdown = table(
      ['N'],
      Array.from({ length: 103 }, (_, index) => [String(index)]),
    );
    expect(tablesOf(markdown).get('')![0].rows).toHaveLength(100);
    expect(markdown).toMatch(/\n\nAnd 3 more; the JSON report lists all\.$/);
  });

  it('is nothing without rows', () => {
    expect(table(['A'], [])).toBe('');
  });
});
