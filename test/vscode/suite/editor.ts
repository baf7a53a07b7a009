// What the suites do in the editor: open files of the test workspace, wait for what comes, read and edit.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Lockset } from '../../../client/start';

const EXTENSION = 'lockset.lockset';
const PATIENCE_MILLISECONDS = 30_000;

/** The extension, started. */
export async function activate(): Promise<Lockset> {
  const extension = vscode.extensions.getExtension<Lockset>(EXTENSION);
  assert.ok(extension, `${EXTENSION} is not installed`);
  return extension.activate();
}

/** A file of the test workspace. */
export function fileUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file of the test workspace and shows it. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Asks again until there is an answer; fails with what it waited for and what it last saw. */
export async function until<Value>(what: string, ask: () => Value | undefined | PromiseLike<Value | undefined>, seen?: () => unknown): Promise<Value> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) assert.fail(`waited in vain: ${what}${seen ? `; last seen: ${JSON.stringify(seen())}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Lockset's diagnostics of a document. */
export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source?.toLowerCase() === 'lockset');
}

/** The id of the rule that a diagnostic came from. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits for the first finding of a rule in a document. */
export function finding(uri: vscode.Uri, rule: RegExp): Promise<vscode.Diagnostic> {
  return until(
    `a finding ${rule} in ${uri.path}`,
    () => findings(uri).find((diagnostic) => rule.test(ruleOf(diagnostic))),
    () => findings(uri),
  );
}

/** Waits until a document has no finding of a rule. */
export async function noFinding(uri: vscode.Uri, rule: RegExp): Promise<void> {
  const gone = () => (findings(uri).some((diagnostic) => rule.test(ruleOf(diagnostic))) ? undefined : true);
  await until(`no finding ${rule} in ${uri.path}`, gone, () => findings(uri));
}

/** Where a text first stands in a document, by its middle. */
export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `"${text}" is not in ${document.uri.path}`);
  return document.positionAt(offset + Math.floor(text.length / 2));
}

/** Replaces the first occurrence of a text, as one edit by a person would. */
export async function replace(document: vscode.TextDocument, text: string, by: string): Promise<void> {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `"${text}" is not in ${document.uri.path}`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + text.length)), by);
  assert.ok(await vscode.workspace.applyEdit(edit), 'the edit was refused');
}

/** What all hover providers say at a place, as one text. */
export async function hover(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return hovers.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value))).join('\n');
}

/** Puts a document back to what is on disk. */
export async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.files.revert');
}
