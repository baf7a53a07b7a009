// A notebook in the editor: findings in its cells, hovers, and repairs that stay in their cell.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, fileUri, finding, findings, hover, noFinding, positionOf, until } from './editor';

describe('a notebook', () => {
  let notebook: vscode.NotebookDocument;
  const cell = (text: string): vscode.TextDocument => {
    const found = notebook.getCells().find(({ document }) => document.getText().includes(text));
    assert.ok(found, `no cell has "${text}"`);
    return found.document;
  };

  before(async () => {
    await activate();
    notebook = await vscode.workspace.openNotebookDocument(fileUri('words.ipynb'));
    await vscode.window.showNotebookDocument(notebook);
  });

  after(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  it('has a finding in the cell that it is about, from what another cell says', async () => {
    const document = cell('def count');
    const { range } = await finding(document.uri, /lock-not-released/);
    assert.equal(document.getText(range), 'lock.acquire()');
    assert.deepEqual(findings(cell('import threading').uri), []);
  });

  it('says on hover what guards what, across cells', async () => {
    const document = cell('import threading');
    const text = await until('a hover', async () => (await hover(document, positionOf(document, 'counts = {}').translate(0, -4))) || undefined);
    assert.match(text, /guarded by.*lock/is);
  });

  it('is repaired as a whole, and no other cell is touched', async () => {
    const document = cell('def count');
    const others = () =>
      notebook
        .getCells()
        .filter((each) => each.document !== document)
        .map((each) => each.document.getText());
    const before = others();
    const kind = 'notebook.source.fixAll.lockset';
    const action = await until('a fix of all', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(0, 0, 0, 0),
        kind,
      );
      return found.find(({ edit }) => edit !== undefined);
    });
    assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.equal(document.getText(), 'def count(path):\n    with lock:\n        counts[path] = len(open(path).read().split())');
    assert.deepEqual(others(), before);
    await noFinding(document.uri, /lock-not-released/);
  });
});
