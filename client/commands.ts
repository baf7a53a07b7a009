// The commands a person can run.
import { commands, Disposable, type LogOutputChannel, window } from 'vscode';
import { SHOW_PLACE, SHOW_REPORT, SHOW_TRACES, TURN_RULE_OFF } from '../server/lsp/messages';
import type { CardView } from './card-view';
import { chooseTool } from './choose-tool';
import type { ExplanationView } from './explanation-view';
import { exportReport } from './export-report';
import { openCardAtCursor, searchGlossary } from './glossary-search';
import { parsePlace } from './page-message';
import type { ReportView } from './report-view';
import type { ServerProcess } from './server-process';
import { showPlace, showTraces } from './show-place';
import { turnRuleOff } from './turn-rule-off';

interface Parts {
  readonly server: ServerProcess;
  readonly log: LogOutputChannel;
  readonly report: ReportView;
  readonly cards: CardView;
  readonly explanations: ExplanationView;
}

/** Registers every command of package.json's `contributes.commands` (a test compares the two lists), and those that only code actions run. */
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
      SHOW_REPORT,
      shown(async (place) => report.show(parsePlace(place))),
    ),
    commands.registerCommand(
      'lockset.refreshReport',
      shown(() => report.refresh()),
    ),
    commands.registerCommand(
      'lockset.exportReport',
      shown(() => exportReport(server)),
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
      SHOW_PLACE,
      shown((place) => showPlace(place)),
    ),
    commands.registerCommand(
      SHOW_TRACES,
      shown((title, steps) => showTraces(title, steps)),
    ),
    commands.registerCommand(
      TURN_RULE_OFF,
      shown((document, rule) => turnRuleOff(server, document, rule)),
    ),
    commands.registerCommand(
      'lockset.explainLine',
      shown((uri, line) => explanations.show(uri, line)),
    ),
  );
}
