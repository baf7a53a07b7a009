// Reports as editors get them: which names people see, and which URIs the page leads to.
import { describe, expect, test } from 'vitest';
import type { ReportFileFormat } from '../../server/lsp/messages';
import { commonFolder, reportFile, reportPage } from '../../server/lsp/report-pages';
import { EMPTY_REPORT, SAMPLE_REPORT } from './sample-report';

const ODD = '/w/two words/bücher.py';
const NOTEBOOK = '/w/n.ipynb~lockset.py';
const UNTITLED = 'untitled:Untitled-1';

/** The sample with its first finding in another file. */
function reportAt(file: string): typeof SAMPLE_REPORT {
  const [first, ...rest] = SAMPLE_REPORT.findings;
  return { ...SAMPLE_REPORT, findings: [{ ...first, file }, ...rest], map: { ...SAMPLE_REPORT.map, files: [file] } };
}

const lineOf = (file: string) => `text of ${file}`;

describe("the page of the editor's view", () => {
  const page = (file: string, folders = ['/w']) => reportPage({ report: reportAt(file), folders, lineOf, nonce: 'n', contentSecuritySource: 'https://host' });

  test.each([
    ['a file', ODD, 'two words/bücher.py', 'file:///w/two%20words/b%C3%BCcher.py'],
    ['a notebook', NOTEBOOK, 'n.ipynb', 'file:///w/n.ipynb'],
    ['a document without a file', UNTITLED, UNTITLED, UNTITLED],
  ])('%s is shown by its path, and found by its URI', (_what, file, name, uri) => {
    const html = page(file);
    expect(html).toContain(`data-file="${uri}"`);
    expect(html).toContain(`>${name}<`);
    expect(html).toContain(`"files":["${uri}"]`);
    // Source lines are asked for by the analysis's own names.
    expect(html).toContain(`text of ${file}`);
    expect(html).not.toContain('~lockset.py"');
  });

  test('with several folders paths begin with the names of theirs', () => {
    expect(page('/w/one/a.py', ['/w/one', '/w/two'])).toContain('>one/a.py<');
    expect(page('/w/a.py', ['/w', '/w/inner'])).toContain('>/w/a.py<');
    expect(page('/v/a.py', ['/v', '/w'])).toContain('>/v/a.py<');
  });
});

test.each([
  [[], undefined],
  [['/w'], '/w'],
  [['/w/a', '/w/b/c'], '/w'],
  [['/w/a', '/w/ab'], '/w'],
  [['/w', '/w/a'], undefined],
  [['/v', '/w'], undefined],
  [['c:/w', 'd:/w'], undefined],
  [['c:/w/a', 'c:/w/b'], 'c:/w'],
])('of %j the common folder is %s', (folders, expected) => {
  expect(commonFolder(folders)).toBe(expected);
});

describe('a file of the report', () => {
  const text = (format: ReportFileFormat) => reportFile({ report: reportAt(ODD), folders: ['/w'], lineOf, format, version: '1.2.3', script: 'page()' });

  test('HTML has its script inside', () => {
    expect(text('html')).toContain('>page()</script>');
    expect(text('html')).toContain('>two words/bücher.py<');
  });

  test('JSON, SARIF and Markdown have paths from the folder on', () => {
    expect(JSON.parse(text('json'))).toMatchObject({
      tool: { version: '1.2.3' },
      findings: [{ file: 'two words/bücher.py' }, ...SAMPLE_REPORT.findings.slice(1).map(() => ({}))],
    });
    const [run] = JSON.parse(text('sarif')).runs;
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('two%20words/b%C3%BCcher.py');
    expect(text('markdown')).toContain('two words/bücher.py');
  });

  test('of nothing is a report, too', () => {
    for (const format of ['html', 'markdown', 'json', 'sarif'] as const) {
      expect(reportFile({ report: EMPTY_REPORT, folders: [], lineOf, format, version: '1', script: '' })).not.toBe('');
    }
  });
});
