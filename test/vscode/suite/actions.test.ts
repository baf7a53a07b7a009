// What a person can do about a finding besides repairing it: look at its places, and silence it with a reason.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, fileUri, finding, noFinding, open, revert, until } from './editor';

const RULE = /shared-state|lost-update|unguarded/;

/** The actions for the finding in a document, by the beginning of their titles. */
async function action(document: vscode.TextDocument, title: string): Promise<vscode.CodeAction> {
  const { range } = await finding(document.uri, RULE);
  return until(`an action "${title}"`, async () => {
    const kind = vscode.CodeActionKind.QuickFix.value;
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, kind, 10);
    return found.find((candidate) => candidate.title.startsWith(title));
  });
}

function run({ command }: vscode.CodeAction): Thenable<unknown> {
  assert.ok(command, 'the action has no command');
  return vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

describe('actions', () => {
  before(activate);

  it('lead through the traces and back', async () => {
    const document = await open('counter.py');
    const shown = run(await action(document, 'Show both traces'));
    const name = () => vscode.window.activeTextEditor?.document.fileName;
    const next = async () => {
      await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
      return name()?.endsWith('counter.py') ? undefined : true;
    };
    await until('another file', next, name);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await shown;
    assert.equal(vscode.window.activeTextEditor?.document, document);
  });

  it('silence a finding with room for a reason', async () => {
    const document = await open('counter.py');
    const { edit } = await action(document, 'Allow');
    assert.ok(edit && (await vscode.workspace.applyEdit(edit)));
    assert.match(document.getText(), /self\.total \+= amount {2}# lockset: allow\([a-z-]+\) reason$/m);
    await noFinding(document.uri, RULE);
    await revert(document);
    await finding(document.uri, RULE);
  });

  it('turn a rule off in a configuration file that was not there', async () => {
    const document = await open('counter.py');
    const silence = await action(document, 'Turn');
    await run(silence);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    assert.ok(editor.document.fileName.endsWith('lockset.toml'), `shown is ${editor.document.fileName}`);
    assert.match(editor.document.getText(), /^\[rules\]\n[a-z-]+ = "off" {2}# reason\n$/);
    assert.equal(editor.document.getText(editor.selection), 'reason');
    await editor.document.save();
    await noFinding(document.uri, RULE);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(fileUri('lockset.toml'));
    await finding(document.uri, RULE);
  });
});
