// The suite for the web extension host, which has neither Node nor mocha: a few tests in a row, each result a marked line in the log.
import * as vscode from 'vscode';
import type { Lockset } from '../../../client/start';

const TESTS: Record<string, () => Promise<void>> = {
  'the extension starts': async () => {
    const extension = vscode.extensions.getExtension<Lockset>('lockset.lockset');
    await until('a server that is ready', async () => {
      const lockset = await extension?.activate();
      if (lockset?.status.state === 'failed') throw new Error(lockset.status.message);
      return lockset?.status.state === 'ready' || undefined;
    });
  },
  'a finding appears in a Python file': () => expectFinding('pool.py', /main-guard/),
  'a finding appears in a TypeScript file': () => expectFinding('session.ts', /./),
  'a finding goes with the code that was the cause': async () => {
    await expectFinding('pool.py', /main-guard/);
    const document = await show('pool.py');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(9, 0, 10, 0), '');
    await vscode.workspace.applyEdit(edit);
    await until('no finding', () => (findings(document.uri).length === 0 ? true : undefined));
  },
  'the report opens': async () => {
    await vscode.commands.executeCommand('lockset.showReport');
    const isReport = ({ label, input }: vscode.Tab) => input instanceof vscode.TabInputWebview && label === 'Concurrency Report';
    await until('a report tab', () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).some(isReport) || undefined);
  },
  'a card explains a word in a comment': async () => {
    const document = await show('counter.py');
    const offset = document.getText().indexOf('race condition') + 3;
    await until('a card', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, document.positionAt(offset));
      return hovers.length > 0 || undefined;
    });
  },
};

/** Called by VS Code. */
export async function run(): Promise<void> {
  let failures = 0;
  for (const [title, test] of Object.entries(TESTS)) {
    try {
      await test();
      report({ title, passed: true });
    } catch (error) {
      failures += 1;
      report({ title, passed: false, error: error instanceof Error ? error.message : String(error) });
    }
  }
  report({ done: true, failures });
}

function report(record: object): void {
  console.log(`::lockset ${JSON.stringify(record)}`);
}

async function expectFinding(name: string, rule: RegExp): Promise<void> {
  const { uri } = await show(name);
  await until(`a finding in ${name}`, () => findings(uri).find(({ code }) => rule.test(String(typeof code === 'object' ? code.value : code))));
}

function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source?.toLowerCase() === 'lockset');
}

async function show(name: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

async function until<Value>(what: string, ask: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
