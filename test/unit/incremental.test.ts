// Incremental analysis: any sequence of edits ends where an analysis from scratch begins, and an edit costs what it changes.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FrontEnd } from '../../server/lower/front-end';
import type { ReportedFinding } from '../../server/report/reported-finding';
import { RULES } from '../../server/rules/registry';
import type { Snapshot, Workspace } from '../../server/workspace/snapshot';
import { workspaceOf } from '../support/analyse';
import { loadFrontEnds } from '../support/front-ends';
import { annotationEdit, anyEdit, applyEdit, PROGRAM } from '../support/program';

let frontEnds: readonly FrontEnd[];
/** For analyses from scratch: they keep nothing of the files that are being edited. */
let fresh: readonly FrontEnd[];
beforeAll(async () => {
  frontEnds = await loadFrontEnds();
  fresh = await loadFrontEnds();
});

describe('any sequence of edits', () => {
  it('gives the findings and the report of an analysis from scratch', () => {
    const edits = fc.array(fc.record({ edit: anyEdit, editing: fc.boolean(), analyse: fc.boolean() }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(edits, (steps) => {
        const workspace = open(PROGRAM);
        const files: Record<string, string> = { ...PROGRAM };
        const editing = new Set<string>();
        let before = workspace.analyse().findings();
        for (const { edit, editing: open, analyse } of steps) {
          const change = applyEdit(files, edit);
          workspace.change([{ ...change, editing: open }]);
          if (change.text === undefined) delete files[change.file];
          else files[change.file] = change.text;
          if (open) editing.add(change.file);
          else editing.delete(change.file);
          if (!analyse) continue;
          const after = workspace.analyse();
          compare(after, files, editing);
          expect([...after.changedFiles].sort()).toEqual(changedBetween(before, after.findings()));
          before = after.findings();
        }
        compare(workspace.analyse(), files, editing);
      }),
      { numRuns: 120, seed: 20, endOnFailure: false },
    );
  });

  it('of annotations gives them after each one', () => {
    fc.assert(
      fc.property(fc.array(annotationEdit, { minLength: 1, maxLength: 12 }), (edits) => {
        const workspace = open(PROGRAM);
        const files: Record<string, string> = { ...PROGRAM };
        workspace.analyse();
        for (const edit of edits) {
          const { file, text = '' } = applyEdit(files, edit);
          if (files[file] === text) continue;
          files[file] = text;
          workspace.change([{ file, text }]);
          compare(workspace.analyse(), files, new Set());
        }
      }),
      { numRuns: 40, seed: 22, endOnFailure: false },
    );
  });

  it('and its reverse gives back the findings of the start', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { minLength: 1, maxLength: 6 }), (edits) => {
        const workspace = open(PROGRAM);
        const start = print(workspace.analyse());
        let files: Readonly<Record<string, string>> = PROGRAM;
        for (const edit of edits) {
          const { file, text } = applyEdit(files, edit);
          workspace.change([{ file, text }]);
          workspace.analyse();
          files = text === undefined ? Object.fromEntries(Object.entries(files).filter(([name]) => name !== file)) : { ...files, [file]: text };
        }
        workspace.change(
          Object.keys(files)
            .filter((file) => !(file in PROGRAM))
            .map((file) => ({ file, text: undefined })),
        );
        workspace.change(Object.entries(PROGRAM).map(([file, text]) => ({ file, text })));
        expect(print(workspace.analyse())).toEqual(start);
      }),
      { numRuns: 40, seed: 21 },
    );
  });
});

describe('the program that is edited', () => {
  it('has findings of every rule to lose', () => {
    const rules = new Set(
      open(PROGRAM)
        .analyse()
        .findings()
        .map((finding) => finding.rule),
    );
    expect([...rules].sort()).toEqual([
      'fork-with-threads',
      'lock-order-inversion',
      'lost-job-exception',
      'missing-main-guard',
      'stale-read-across-await',
      'unguarded-shared-state',
    ]);
  });
});

describe('an edit inside one function of a program of many files', () => {
  const COPIES = 30;
  const files: Record<string, string> = {};
  for (let i = 0; i < COPIES; i++) {
    // Each part calls the next one with a lock held; a ring would make one deadlock of all of them.
    const next = Math.min(i + 1, COPIES - 1);
    files[`part${i}.py`] = PROGRAM['audit.py']
      .replace('from accounts import Account', `from part${next} import count as forward`)
      .replace('account = Account()', 'account = None')
      .replace('        account.deposit(amount)', '        forward()');
    files[`part${i}.ts`] = PROGRAM['store.ts'].replace("import { load } from './remote';", `import { load } from './load${i}';`);
    files[`load${i}.ts`] = PROGRAM['remote.ts'];
  }

  it.each([
    ['part7.py', '        entries += 1\n        post(amount)', '        entries += 2\n        post(amount)'],
    ['part7.ts', "if (!this.client) this.client = await load('client');", "if (!this.client) this.client = await load('other');"],
    ['part7.py', 'def count():\n', 'def count():\n    # a comment moves what follows\n'],
  ])('%s is lowered and resolved alone, and few functions are summarised', (file, from, to) => {
    const workspace = open(files);
    workspace.analyse();
    expect(files[file]).toContain(from);
    workspace.change([{ file, text: files[file].replace(from, to), editing: true }]);
    const { work } = workspace.analyse();
    expect(work.lowered).toBe(1);
    expect(work.resolved).toBeLessThanOrEqual(1);
    expect(work.summarised).toBeLessThanOrEqual(3);
    expect(work.contexts).toBeLessThanOrEqual(12);
    // A few subjects, each asked of all rules of its kind.
    expect(work.checked).toBeLessThanOrEqual(2 * RULES.length);
  });

  it('costs nothing where nothing changed', () => {
    const workspace = open(files);
    const before = workspace.analyse();
    workspace.change([{ file: 'part3.py', text: files['part3.py'] }]);
    const after = workspace.analyse();
    expect({ ...after.work, checked: 0 }).toEqual({ lowered: 1, resolved: 0, summarised: 0, contexts: 0, checked: 0 });
    // Locks of the file's own cycle, whose text may have moved.
    expect(after.work.checked).toBeLessThanOrEqual(2);
    expect(after.changedFiles).toEqual([]);
    expect(print(after)).toEqual(print(before));
  });

  it('is seen where it matters, in another file', () => {
    const workspace = open(PROGRAM);
    const before = workspace.analyse().findings('accounts.py');
    expect(JSON.stringify(before)).toContain('work');
    workspace.change([{ file: 'workers.py', text: '' }]);
    const after = workspace.analyse();
    expect(after.findings('accounts.py')).not.toEqual(before);
    expect(after.changedFiles).toContain('accounts.py');
  });
});

describe('a snapshot', () => {
  it('stays as it was while the analysis goes on', () => {
    const workspace = open(PROGRAM);
    const before = workspace.analyse();
    const shown = () => JSON.stringify([before.files, before.findings(), before.text('accounts.py'), before.module('accounts.py')]);
    const first = shown();
    workspace.change([
      { file: 'accounts.py', text: undefined },
      { file: 'tasks.py', text: '' },
      { file: 'new.py', text: 'x = 1\n' },
    ]);
    expect(workspace.analyse().version).toBeGreaterThan(before.version);
    expect(shown()).toBe(first);
  });
});

function open(files: Readonly<Record<string, string>>, ends = frontEnds): Workspace {
  for (const end of ends) for (const file of Object.keys(files)) end.forget(file);
  const workspace = workspaceOf(ends);
  workspace.change(Object.entries(files).map(([file, text]) => ({ file, text })));
  return workspace;
}

/** A file that is open and does not parse may keep functions of its last good text: then there is nothing to compare with. */
function compare(snapshot: Snapshot, files: Readonly<Record<string, string>>, editing: ReadonlySet<string>): void {
  const scratch = open(files, fresh).analyse();
  if ([...editing].some((file) => (scratch.module(file)?.problems.length ?? 0) > 0)) return;
  expect(print(snapshot)).toEqual(print(scratch));
}

function print(snapshot: Snapshot): unknown {
  return { files: [...snapshot.files].sort(), findings: snapshot.findings(), report: snapshot.report() };
}

function changedBetween(before: readonly ReportedFinding[], after: readonly ReportedFinding[]): string[] {
  const of = (findings: readonly ReportedFinding[], file: string) => JSON.stringify(findings.filter((finding) => finding.file === file));
  const files = new Set([...before, ...after].map((finding) => finding.file));
  return [...files].filter((file) => of(before, file) !== of(after, file)).sort();
}
