// The commands a person can run.
import { commands, Disposable, type LogOutputChannel, window } from 'vscode';
import type { CardView } from './card-view';
import { chooseTool } from './choose-tool';
import type { ExplanationView } from './explanation-view';
import { openCardAtCursor, searchGlossary } from './glossary-search';
import type { ReportView } from './report-view';
import type { ServerProcess } from './server-process';

interface Parts {
  readonly server: ServerProcess;
  readonly log: LogOutputChannel;
  readonly report: ReportView;
  readonly cards: CardView;
  readonly explanations: ExplanationView;
}

/** Registers every command of package.json's `contributes.commands`; a test compares the two lists. */
export function registerCommands({ server, log, report, cards, explanations }: Parts): Disposable {
  const shown =
    (run: (...args: unknown[]) => Promise<void>) =>
    async (...args: unknown[]) => {
      try {
        await run(...args);
      } catch (error) {
        // The person asked for something and must learn why it did not come; nothing else makes a popup.
        void window.showWarningMessage(error instanceof Error ? error.message : String(error));
      }
    };
  return Disposable.from(
    commands.registerCommand(
      'lockset.showReport',
      shown(() => report.show()),
    ),
    commands.registerCommand(
      'lockset.refreshReport',
      shown(() => report.refresh()),
    ),
    commands.registerCommand(
      'lockset.restart',
      shown(() => server.restart()),
    ),
    commands.registerCommand('lockset.showLogs', () => log.show()),
    commands.registerCommand(
      'lockset.openCard',
      shown((id) => (typeof id === 'string' ? cards.show(id) : openCardAtCursor(cards, server))),
    ),
    commands.registerCommand(
      'lockset.searchGlossary',
      shown(() => searchGlossary(cards, server)),
    ),
    commands.registerCommand(
      'lockset.chooseTool',
      shown(() => chooseTool(cards, server)),
    ),
    commands.registerCommand(
      'lockset.explainLine',
      shown((uri, line) => explanations.show(uri, line)),
    ),
  );
}
