// Findings in the editor: they appear with their traces, follow edits in other files, and go when they are repaired.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, fileUri, finding, findings, noFinding, open, replace, revert, ruleOf, until } from './editor';

describe('diagnostics', () => {
  before(activate);

  it('appear in a Python file with the places that explain them', async () => {
    const { uri } = await open('counter.py');
    const diagnostic = await finding(uri, /shared-state|lost-update|unguarded/);
    assert.equal(diagnostic.range.start.line, 9);
    assert.ok((diagnostic.relatedInformation ?? []).length >= 2, 'not a trace for each of two threads');
  });

  it('appear in a TypeScript file with the places that explain them', async () => {
    const { uri } = await open('session.ts');
    const diagnostic = await finding(uri, /./);
    assert.equal(diagnostic.range.start.line, 5);
    assert.ok((diagnostic.relatedInformation ?? []).length > 0, 'no related information');
  });

  it('carry a link to the page of their rule', async () => {
    const { uri } = await open('pool.py');
    const { code } = await finding(uri, /main-guard/);
    assert.ok(typeof code === 'object', `code is ${JSON.stringify(code)}`);
    assert.equal(code.target.toString(true), `${vscode.env.uriScheme}://lockset.lockset/card/missing-main-guard`);
  });

  it('appear in the examples, in both languages', async () => {
    for (const pattern of ['examples/**/*.py', 'examples/**/*.ts']) {
      const files = await vscode.workspace.findFiles(pattern);
      assert.ok(files.length > 0, `no file matches ${pattern}`);
      for (const file of files) await vscode.workspace.openTextDocument(file);
      const found = () => files.flatMap((file) => findings(file));
      const [first] = await until(`a finding in ${pattern}`, () => (found().length > 0 ? found() : undefined));
      assert.ok(first && first.message.length > 20 && (first.relatedInformation ?? []).length > 0, `unexplained: ${first && ruleOf(first)}`);
    }
  });

  it('follow an edit in another file', async () => {
    const rule = /shared-state|lost-update|unguarded/;
    await open('counter.py');
    await finding(fileUri('counter.py'), rule);
    const service = await open('service.py');
    await replace(service, 'threading.Thread(target=work) for _ in range(4)', 'threading.Thread(target=print) for _ in range(4)');
    await noFinding(fileUri('counter.py'), rule);
    await revert(service);
    await finding(fileUri('counter.py'), rule);
  });

  it('go when their quick fix is applied', async () => {
    const document = await open('pool.py');
    const diagnostic = await finding(document.uri, /main-guard/);
    const action = await until('a quick fix', async () => {
      const kind = vscode.CodeActionKind.QuickFix.value;
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, diagnostic.range, kind, 10);
      return actions.find(({ edit }) => edit !== undefined && edit.size > 0);
    });
    assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.match(document.getText(), /if __name__ == ["']__main__["']:/);
    await noFinding(document.uri, /main-guard/);
    await revert(document);
  });
});
