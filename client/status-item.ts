// The one item Lockset shows in the status bar's language menu.
import { Disposable, LanguageStatusSeverity, languages } from 'vscode';
import type { StatusParameters } from '../server/lsp/messages';
import { LANGUAGES } from './client-options';
import type { ServerProcess } from './server-process';

/** Shows what is found and what the analysis is doing; its link leads to the report, or to what can be done when there is none. */
export class StatusItem implements Disposable {
  private readonly item = languages.createLanguageStatusItem(
    'lockset.status',
    LANGUAGES.map((language) => ({ language })),
  );
  private readonly registrations: Disposable;

  constructor(server: ServerProcess) {
    this.item.name = 'Lockset';
    this.update(server.status);
    this.registrations = Disposable.from(
      this.item,
      server.onStatus((status) => this.update(status)),
    );
  }

  dispose(): void {
    this.registrations.dispose();
  }

  private update(status: StatusParameters): void {
    const { state, message } = status;
    this.item.text = message;
    this.item.busy = state === 'starting' || state === 'analysing';
    this.item.detail = detailOf(status);
    this.item.severity = state === 'failed' ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    this.item.command = COMMANDS[state] ?? { command: 'lockset.showReport', title: 'Show Report' };
  }
}

const COMMANDS: { readonly [State in StatusParameters['state']]?: { command: string; title: string; arguments?: unknown[] } } = {
  failed: { command: 'lockset.showLogs', title: 'Show Logs' },
  off: { command: 'workbench.action.openSettings', title: 'Open Settings', arguments: ['lockset.enable'] },
};

/** `in 120 files, 35 ms`; how much is missing where reading was stopped. */
function detailOf({ state, files, milliseconds, stopped }: StatusParameters): string | undefined {
  if (state !== 'ready' || files === 0) return undefined;
  const missing = stopped && stopped.total > stopped.done ? `, ${stopped.total - stopped.done} not read` : '';
  return `in ${files} ${files === 1 ? 'file' : 'files'}${missing}, ${milliseconds} ms`;
}
