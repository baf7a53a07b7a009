// Choosing a concurrency tool: the questions, the advice beside the code, and the snippet that is inserted only when a person says so.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, open, revert, until } from './editor';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const pages = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof vscode.TabInputWebview);

/** Starts the command and takes the first answer until the advice is there; the list of what to do with it is open then. */
async function firstAdvice(): Promise<{ readonly ended: Thenable<unknown> }> {
  const ended = vscode.commands.executeCommand('lockset.chooseTool');
  await until('an advice', async () => {
    // A tab shows in the model a moment after it has opened; one answer too many would be taken for a wish to insert.
    for (let waited = 0; waited < 2000; waited += 100) {
      await pause(100);
      if (pages().length > 0) return true;
    }
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return undefined;
  });
  await pause(500);
  return { ended };
}

describe('choosing a tool', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.window.tabGroups.close(pages());
  });

  it('shows an advice, and inserts its snippet at the cursor', async () => {
    await activate();
    const document = await open('counter.py');
    const before = document.getText();
    const { ended } = await firstAdvice();
    assert.equal(document.getText(), before, 'inserted before the person said so');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await ended;
    await until('the snippet', () => (document.getText() === before ? undefined : true));
    // The first answers ask for computing that nobody has measured.
    assert.match(document.getText(), /ProcessPoolExecutor/);
    assert.doesNotMatch(document.getText(), /\$\{\d/);
    await revert(document);
  });

  it('inserts nothing when the list is left', async () => {
    const document = await open('counter.py');
    const before = document.getText();
    const { ended } = await firstAdvice();
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await ended;
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
  });

  it('asks for the language and opens a new file where no code is open', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { ended } = await firstAdvice();
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await ended;
    const editor = await until('a new file', () => vscode.window.visibleTextEditors.find(({ document }) => document.isUntitled));
    assert.equal(editor.document.languageId, 'python');
    assert.match(editor.document.getText(), /ProcessPoolExecutor/);
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('contributes snippets to completion', async () => {
    const document = await open('session.ts');
    const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, new vscode.Position(0, 0));
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('conc-async-mutex'), labels.filter((label) => label.startsWith('conc')).join(' '));
  });
});
