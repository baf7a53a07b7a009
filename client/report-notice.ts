// What the view of the report says above it: what is going on, how much of the workspace the report is of, and what can be done.
import type { FileProgress, StatusParameters } from '../server/lsp/messages';
import type { Notice } from './page-message';

/** While a report is made of what has been analysed. */
export const MAKING: Notice = busy('Making the report', 'Making the report…');

/** The notice for a state of the server; null where the report says all there is. `folders`: schemes of the open folders. */
export function noticeOf({ state, message, files, reading, stopped }: StatusParameters, folders: readonly string[]): Notice | null {
  const said = message.replace(/^Lockset: /, '');
  switch (state) {
    case 'starting':
      return busy('Starting', `${said}…`);
    case 'analysing':
      return reading ? readingNotice(reading) : busy('Analysing', `${capitalised(said)}…`);
    case 'failed':
      return note(`${capitalised(said)}. What is shown may be out of date.`, [
        { action: 'restart', label: 'Restart' },
        { action: 'showLogs', label: 'Show Logs' },
      ]);
    case 'off':
      return note('Lockset is switched off by the setting lockset.enable. Switch it on to see the report.', [
        { action: 'openSettings', label: 'Open the Setting' },
      ]);
    case 'ready':
      return stopped ? stoppedNotice(stopped) : nothingElse(files, folders);
  }
}

function readingNotice({ done, total }: FileProgress): Notice {
  const stop = [{ action: 'stop', label: 'Cancel' }] as const;
  if (total === 0) return { ...busy('Looking for files', 'Looking for files…'), actions: stop };
  const text = `Reading files: ${done} of ${total}. The report is of what has been read so far.`;
  return { ...busy('Reading files', text), progress: { done, total }, actions: stop };
}

function stoppedNotice({ done, total }: FileProgress): Notice {
  const text =
    total > 0 ? `Reading was stopped: this is a report of ${done} of ${total} files.` : 'Looking for files was stopped: this is a report of open files only.';
  return note(text, [{ action: 'goOn', label: 'Go On' }]);
}

/** Away from disks and without folders less is analysed than a person may expect. */
function nothingElse(files: number, folders: readonly string[]): Notice | null {
  if (folders.length === 0) {
    const what =
      files === 0
        ? 'There is nothing to analyse: no folder is open, and no Python, TypeScript or JavaScript file.'
        : 'No folder is open: this is a report of open files.';
    return note(what, [{ action: 'openFolder', label: 'Open a Folder' }]);
  }
  if (folders.every((scheme) => scheme !== 'file')) return note('This workspace is not on a disk here: only files that are open are analysed.', []);
  return files === 0
    ? note('There is nothing to analyse: the workspace has no Python, TypeScript or JavaScript files besides those that are left out.', [])
    : null;
}

function busy(title: string, text: string): Notice {
  return { title, text, isBusy: true, actions: [] };
}

function note(text: string, actions: Notice['actions']): Notice {
  return { title: text, text, isBusy: false, actions };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
