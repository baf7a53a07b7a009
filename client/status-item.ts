// The one item Lockset shows in the status bar's language menu.
import { type Disposable, type LanguageStatusItem, LanguageStatusSeverity, languages } from 'vscode';
import type { StatusParameters } from '../server/lsp/messages';
import { LANGUAGES } from './client-options';

/** Shows what the analysis is doing; its link leads to the report, or to the log when the server failed. */
export class StatusItem implements Disposable {
  parameters: StatusParameters = { state: 'starting', message: 'Lockset is starting', files: 0, findings: 0, milliseconds: 0 };
  private readonly item: LanguageStatusItem;

  constructor() {
    this.item = languages.createLanguageStatusItem(
      'lockset.status',
      LANGUAGES.map((language) => ({ language })),
    );
    this.item.name = 'Lockset';
    this.update(this.parameters);
  }

  update(parameters: StatusParameters): void {
    this.parameters = parameters;
    const { state, message, milliseconds } = parameters;
    this.item.text = message;
    this.item.busy = state === 'starting' || state === 'analysing';
    this.item.detail = state === 'ready' && milliseconds > 0 ? `${Math.round(milliseconds)} ms` : undefined;
    this.item.severity = state === 'failed' ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    this.item.command = state === 'failed' ? { command: 'lockset.showLogs', title: 'Show Logs' } : { command: 'lockset.showReport', title: 'Show Report' };
  }

  dispose(): void {
    this.item.dispose();
  }
}
