// What the language client is told: which documents, how diagnostics are pulled, and which links a hover may carry.
import { workspace } from 'vscode';
import { type LanguageClientOptions, RevealOutputChannelOn } from 'vscode-languageclient';
import { displayDiagnostics } from './diagnostic-display';

/** Languages by the names VS Code has for them. */
export const LANGUAGES = ['python', 'typescript', 'typescriptreact', 'javascript', 'javascriptreact'] as const;

/** Only these commands may be run by a link in a hover. */
const COMMANDS_IN_HOVERS = ['lockset.openCard', 'lockset.explainLine', 'lockset.showReport'];

/** Whether the settings allow Lockset to run. */
export function isEnabled(): boolean {
  return workspace.getConfiguration('lockset').get('enable', true);
}

/** The options that do not depend on where the server runs. `extension`: this extension's id. */
export function clientOptions(extension: string): LanguageClientOptions {
  return {
    middleware: {
      ...displayDiagnostics(extension),
      // While Lockset is being switched off nobody is there to be told of it.
      workspace: { didChangeConfiguration: async (sections, next) => (isEnabled() ? next(sections) : undefined) },
    },
    documentSelector: documentSelector(),
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    // The client merges these onto all-false, so a field left out would switch that occasion off.
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true, onTabs: false },
    markdown: { isTrusted: { enabledCommands: COMMANDS_IN_HOVERS }, supportHtml: false, supportThemeIcons: false },
  };
}

/**
 * Documents of the workspace and new ones, and notebooks' cells; not the old side of a diff, nor other documents that extensions make up.
 * Without folders on disk (in a browser) the workspace has a scheme of its own.
 */
function documentSelector(): { language: string; scheme: string }[] {
  const schemes = new Set(['file', 'untitled', ...(workspace.workspaceFolders ?? []).map((folder) => folder.uri.scheme)]);
  const documents = LANGUAGES.flatMap((language) => [...schemes].map((scheme) => ({ language, scheme })));
  return [...documents, { language: 'python', scheme: 'vscode-notebook-cell' }];
}
