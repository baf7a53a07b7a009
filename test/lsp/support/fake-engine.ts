// A tiny analysis in place of the real one, steered by words in the text, so that tests of the protocol are about the protocol.
//   BUG        a finding with a safe fix            USES x    a finding unless some file says GIVES x
//   HUNCH      a finding with a suggestion, and with a trace that goes on in the first line
//   DOUBT      a finding whose fix, an unsafe one, changes every DOUBT of all files
//   VAIN       a finding with a safe fix that leaves it
//   STUCK      analysing does not end, but can be interrupted
//   EXIT, HEAP, ABORT, TORN, FULL   reading the file ends the worker: by leaving, by filling its memory, by a parser that
//                                   throws, that says so in a problem, or that has used up its memory
//   LONG       reading the file takes a while       SLOW      supposing anything takes a while
//   FAIL       analysing throws                     PRINT     reading the file prints
import type { FrontEnd } from '../../../server/lower/front-end';
import type { Engine } from '../../../server/lsp/engine';
import type { Language, Module } from '../../../server/model/module';
import type { Range, ReportedEdit, ReportedFinding, ReportedFix } from '../../../server/report/reported-finding';
import { LineMap } from '../../../server/text/line-map';
import { Cancelled, type Configuration, type FileChange, type Snapshot, type Suppose, type Workspace } from '../../../server/workspace/snapshot';
import { EMPTY_REPORT } from '../../unit/sample-report';

export const fakeEngine: Engine = {
  createLibrary: () => new Map(),
  createWorkspace: (_library, configuration) => new FakeWorkspace(configuration),
  loadFrontEnd: (language, assets) =>
    assets.endsWith('/nowhere') && language === 'python' ? Promise.reject(new Error('there is no grammar in /nowhere')) : Promise.resolve(frontEnd(language)),
  hover: ({ text, offset, subject }) => {
    const start = text.lastIndexOf('BUG', offset);
    if (start < 0 || offset > start + 3) return undefined;
    const lines = new LineMap(text);
    return { markdown: `a bug${subject?.api ? ` in ${subject.api}` : ''}`, range: { start: lines.positionAt(start), end: lines.positionAt(start + 3) } };
  },
  cardIdAt: ({ subject }) => subject?.api,
  renderReport: ({ report, nonce }) =>
    `<html nonce="${nonce}">${report.findings.length} findings, ${report.skipped.map(({ file, reason }) => `${file}: ${reason}`).join('; ')}</html>`,
  exportReport: async ({ report, format, version }, assets) => `${format} of ${report.findings.length} findings by ${version}, ${assets}`,
  defaultSeverity: () => 'warning',
  card: (id) => (id === 'test-bug' ? { title: 'Test bug', markdown: 'A bug.' } : undefined),
  codeCard: ({ name }) => ({ title: name, markdown: name }),
  renderCard: ({ markdown }, { nonce }) => `<html nonce="${nonce}">${markdown}`,
  cards: () => [{ kind: 'rule', id: 'test-bug', title: 'Test bug', names: [], summary: 'A bug.' }],
};

function frontEnd(language: Language): FrontEnd & { readonly isExhausted: boolean } {
  let isExhausted = false;
  return {
    language,
    get isExhausted() {
      return isExhausted;
    },
    lower: (file, text) => {
      if (text.includes('PRINT')) {
        console.log('printed by a stray line');
        process.stdout.write('Content-Length: 3\r\n\r\n{}}');
      }
      if (text.includes('LONG')) for (const end = performance.now() + 30; performance.now() < end; );
      if (text.includes('EXIT')) process.exit(7);
      if (text.includes('ABORT')) throw new WebAssembly.RuntimeError('unreachable');
      if (text.includes('HEAP')) fillMemory();
      isExhausted = text.includes('FULL');
      const module = emptyModule(file, language);
      return text.includes('TORN')
        ? { ...module, problems: [{ span: { start: 0, end: 0 }, message: 'The parser failed: memory access out of bounds' }] }
        : module;
    },
    tree: () => undefined,
    forget: () => undefined,
  };
}

function fillMemory(): never {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index + Math.random()));
}

function emptyModule(file: string, language: Language): Module {
  return { file, language, functions: [], classes: [], bindings: {}, exports: [], comments: [], problems: [] };
}

class FakeWorkspace implements Workspace {
  private readonly files = new Map<string, FileChange>();
  private readonly frontEnds = new Map<Language, FrontEnd>();
  private readonly unread = new Set<string>();
  private before = new Map<string, string>();
  private version = 0;

  constructor(private configuration: Configuration) {}

  provide(offered: FrontEnd): void {
    this.frontEnds.set(offered.language, offered);
  }

  configure(configuration: Configuration): void {
    this.configuration = configuration;
  }

  change(changes: readonly FileChange[]): void {
    for (const change of changes) {
      this.unread.add(change.file);
      if (change.text === undefined) this.files.delete(change.file);
      else this.files.set(change.file, change);
    }
  }

  whatIf<T>(ask: (suppose: Suppose) => T): T {
    const [before, version] = [new Map(this.files), this.version];
    if ([...before.values()].some(({ text }) => text?.includes('SLOW'))) for (const end = performance.now() + 800; performance.now() < end; );
    try {
      return ask((texts) => {
        this.change([...texts].map(([file, text]) => ({ ...before.get(file), file, text })));
        return this.analyse();
      });
    } finally {
      this.change([...before.values()]);
      this.analyse();
      this.version = version;
    }
  }

  analyse(cancellation?: { readonly isCancelled: () => boolean }): Snapshot {
    for (const file of this.unread) {
      const change = this.files.get(file);
      if (change?.text !== undefined && !change.module) this.frontEnds.get(languageOfName(file))?.lower(file, change.text, change.editing);
      this.unread.delete(file);
    }
    const texts = [...this.files.values()].map(({ text }) => text ?? '');
    if (texts.some((text) => text.includes('FAIL'))) throw new Error('the analysis fails');
    const end = texts.some((text) => text.includes('STUCK')) ? Number.POSITIVE_INFINITY : 0;
    while (performance.now() < end) if (cancellation?.isCancelled()) throw new Cancelled();
    const all = [...this.files.values()].filter(({ file }) => this.frontEnds.has(languageOfName(file))).flatMap((change) => this.check(change));
    const after = new Map<string, string>();
    for (const finding of all) after.set(finding.file, (after.get(finding.file) ?? '') + JSON.stringify(finding));
    const changedFiles = [...new Set([...this.before.keys(), ...after.keys()])].filter((file) => this.before.get(file) !== after.get(file));
    this.before = after;
    const files = new Map(this.files);
    return {
      version: ++this.version,
      files: [...files.keys()],
      changedFiles,
      work: { lowered: 0, resolved: 0, summarised: 0, contexts: 0, checked: 0 },
      findings: (file) => (file === undefined ? all : all.filter((finding) => finding.file === file)),
      suppressed: () => [],
      skipped: [],
      report: () => ({ ...EMPTY_REPORT, counts: { ...EMPTY_REPORT.counts, files: files.size }, findings: all }),
      explain: (file, line) => `line ${line} of ${file}`,
      text: (file) => files.get(file)?.text,
      module: (file) => (files.has(file) ? emptyModule(file, languageOfName(file)) : undefined),
      annotation: () => undefined,
      subjectAt: (_file, offset) => (offset === 0 ? { api: 'threading.Lock', start: 0, end: 3, known: [] } : undefined),
      known: () => undefined,
    };
  }

  private check({ file, text = '', exempt }: FileChange): ReportedFinding[] {
    if (exempt && !this.configuration.reportExempt) return [];
    const lines = new LineMap(text);
    const everything = [...this.files.values()].map((change) => change.text).join('\n');
    const findings: ReportedFinding[] = [];
    const severity = this.configuration.rules['test-bug'] ?? 'warning';
    for (const { index, 0: found, 1: name } of text.matchAll(/BUG|USES (\w+)|HUNCH|DOUBT|VAIN/g)) {
      if (severity === 'off' || (name && everything.includes(`GIVES ${name}`))) continue;
      const range = { start: lines.positionAt(index), end: lines.positionAt(index + found.length) };
      findings.push({
        rule: 'test-bug',
        family: 'advice',
        severity,
        confidence: 1,
        file,
        range,
        symbol: '',
        message: name ? `nobody gives ${name}` : 'a bug',
        related: [{ file, range, message: 'here' }],
        fixes: [this.fix(found, file, range)],
        ...(found === 'HUNCH' && hunchTrace(file, range)),
      });
    }
    return findings;
  }

  private fix(found: string, file: string, range: Range): ReportedFix {
    const safety = found === 'HUNCH' ? 'suggestion' : found === 'BUG' || found === 'VAIN' ? 'safe' : 'unsafe';
    const edits = found === 'DOUBT' ? [...this.files.values()].flatMap(doubts) : [{ file, range, newText: found === 'VAIN' ? 'VAIN VAIN' : 'FIXED' }];
    return { kind: 'hold-lock', title: 'Fix it', safety, edits };
  }
}

function doubts({ file, text = '' }: FileChange): ReportedEdit[] {
  const lines = new LineMap(text);
  return [...text.matchAll(/DOUBT/g)].map(({ index }) => ({
    file,
    range: { start: lines.positionAt(index), end: lines.positionAt(index + 5) },
    newText: 'FIXED',
  }));
}

function hunchTrace(file: string, range: Range): Pick<ReportedFinding, 'related' | 'interleaving'> {
  const first = { start: { line: 0, column: 0 }, end: { line: 0, column: 1 } };
  const second = { start: { line: 2, column: 0 }, end: { line: 2, column: 0 } };
  return {
    related: [
      { file, range, message: 'reads' },
      { file, range: second, message: 'starts threads' },
    ],
    interleaving: {
      sides: ['one thread', 'another thread'],
      steps: [
        { side: 0, file, range, does: 'reads' },
        { side: 1, file, range: first, does: 'writes' },
      ],
      harm: 'wrong',
      outcome: 'What was read is old.',
    },
  };
}

function languageOfName(file: string): Language {
  return /\.pyi?$/.test(file) ? 'python' : 'typescript';
}
