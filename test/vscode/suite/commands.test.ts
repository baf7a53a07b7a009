// The commands, and the views they open.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, finding, open, until } from './editor';

describe('commands', () => {
  it('are all registered that the manifest names', async () => {
    await activate();
    const manifest = vscode.extensions.getExtension('lockset.lockset')?.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('the report opens in a tab of its own', async () => {
    await open('counter.py');
    await vscode.commands.executeCommand('lockset.showReport');
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => input instanceof vscode.TabInputWebview);
    await until('a report tab', () => tabs().find(({ label }) => label === 'Concurrency Report'));
    await vscode.commands.executeCommand('lockset.showReport');
    assert.equal(tabs().length, 1, 'a second report was opened');
    await vscode.window.tabGroups.close(tabs());
  });

  it('a line is explained beside the code', async () => {
    const document = await open('counter.py');
    await vscode.commands.executeCommand('lockset.explainLine', document.uri, 9);
    const page = await until('an explanation', () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'lockset-explanation'));
    assert.match(page.getText(), /total/);
  });

  it('a card opens as a rendered page', async () => {
    await vscode.commands.executeCommand('lockset.openCard', 'race-condition');
    const isCard = ({ label, input }: vscode.Tab) => input instanceof vscode.TabInputWebview && /race condition/i.test(label);
    const tab = await until('a card', () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(isCard));
    await vscode.window.tabGroups.close(tab);
  });

  it('a restart brings the findings back', async () => {
    const lockset = await activate();
    const { uri } = await open('counter.py');
    await finding(uri, /./);
    await vscode.commands.executeCommand('lockset.restart');
    await finding(uri, /./);
    await until(
      'ready',
      () => (lockset.status.state === 'ready' ? true : undefined),
      () => lockset.status,
    );
  });

  it('switching Lockset off and on takes the findings away and brings them back', async () => {
    const settings = vscode.workspace.getConfiguration('lockset');
    const { uri } = await open('counter.py');
    await finding(uri, /./);
    await settings.update('enable', false, vscode.ConfigurationTarget.Global);
    await until('no findings', () => (vscode.languages.getDiagnostics(uri).length === 0 ? true : undefined));
    await settings.update('enable', undefined, vscode.ConfigurationTarget.Global);
    await finding(uri, /./);
  });
});
