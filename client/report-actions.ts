// What the buttons of the report's notices do.
import { commands, env } from 'vscode';
import { STOP_READING } from '../server/lsp/messages';
import type { ReportAction } from './page-message';
import type { ServerProcess } from './server-process';

/** Does what a button says; going on is the view's own affair, which shows what comes of it. */
export async function runAction(action: Exclude<ReportAction, 'goOn'>, server: ServerProcess): Promise<void> {
  if (action === 'stop') await server.notify(STOP_READING);
  else if (action === 'restart') await server.restart();
  else if (action === 'showLogs') await commands.executeCommand('lockset.showLogs');
  else if (action === 'openSettings') await commands.executeCommand('workbench.action.openSettings', 'lockset.enable');
  // A browser without a machine behind it cannot open just any folder.
  else await commands.executeCommand(env.remoteName !== undefined || env.appHost === 'desktop' ? 'vscode.openFolder' : 'workbench.action.addRootFolder');
}
