// Turns a rule off in the configuration file that holds for a document, and leaves the caret where a person says why.
import { Range, SnippetString, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import {
  CONFIGURATION_FILE,
  type ConfigurationFileParameters,
  type ConfigurationFileResult,
  RULE_OFF,
  type RuleOffParameters,
  type RuleOffResult,
} from '../server/lsp/messages';
import type { ServerProcess } from './server-process';

/** Takes the arguments of the command. The file is shown and not saved: it counts once a person has saved it. */
export async function turnRuleOff(server: ServerProcess, document: unknown, rule: unknown): Promise<void> {
  if (typeof document !== 'string' || typeof rule !== 'string') return;
  const asked: ConfigurationFileParameters = { uri: document };
  const file = await server.request<ConfigurationFileResult | null>(CONFIGURATION_FILE, asked);
  if (!file) throw new Error('Only files in a folder on a disk have a configuration file.');
  const uri = Uri.parse(file.uri);
  if (!file.exists) await create(uri);
  const editor = await window.showTextDocument(uri, { preview: false });
  const parameters: RuleOffParameters = { configuration: file.uri, text: editor.document.getText(), rule };
  const { version } = editor.document;
  const result = await server.request<RuleOffResult>(RULE_OFF, parameters);
  if (editor.document.version !== version) throw new Error(`${uri.path} has changed meanwhile; nothing was written.`);
  const place = 'line' in result ? new Range(result.line, 0, result.line, 0) : rangeOf(result);
  editor.revealRange(place);
  if ('line' in result) throw new Error(`Lockset cannot tell where to write it: turn ${rule} off in this file by hand, as ${rule} = "off" among the rules.`);
  await editor.insertSnippet(new SnippetString(result.snippet), place, { undoStopBefore: true, undoStopAfter: true });
}

function rangeOf({ start, end }: Exclude<RuleOffResult, { line: number }>): Range {
  return new Range(start.line, start.character, end.line, end.character);
}

/** Somebody may have made it meanwhile, or have it open with text that is nowhere else yet. */
async function create(uri: Uri): Promise<void> {
  if (workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) return;
  const edit = new WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  await workspace.applyEdit(edit);
}
