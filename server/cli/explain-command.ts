// lockset explain: what is known of a line, or the card of a term, a rule or an API.
import { absolutePath, nodeFiles } from '../disk/node-files';
import { createLibrary } from '../lower/library';
import type { Library } from '../model/library';
import { renderCardText } from '../report/card-text';
import { findCard, listCards } from '../report/cards';
import { displayPath } from '../report/plain-text';
import { parentOf, relativePath } from '../workspace/file-system';
import { nearCards } from './near-cards';
import { runToSnapshot } from './run';
import { runOptionsOf, type SharedOptions } from './run-options';
import type { Surroundings } from './surroundings';
import { CannotRun } from './terminal';

export interface ExplainOptions extends SharedOptions {
  readonly in?: string;
}

export async function explain(subject: string, options: ExplainOptions, surroundings: Surroundings): Promise<void> {
  const { terminal } = surroundings;
  const place = /^(.+?):(\d+)(?::\d+)?$/.exec(subject);
  if (place) {
    terminal.write(await explainLine(place[1], Number(place[2]), options, surroundings));
    return;
  }
  const library = createLibrary();
  const card = findCard(subject, library, false);
  if (!card) throw new CannotRun(unknownSubject(subject, library));
  terminal.write(renderCardText(card.markdown, { color: terminal.color, width: terminal.width }));
}

/** `line` from 1. */
async function explainLine(path: string, line: number, options: ExplainOptions, surroundings: Surroundings): Promise<string> {
  const { folder } = surroundings.terminal;
  const file = absolutePath(path, folder);
  if (nodeFiles.kindOf(file) !== 'file') throw new CannotRun(`no such file: ${path}`);
  // What runs concurrently is known from the whole program; a file outside the working folder has its own folder for one.
  const program = options.in ?? (relativePath(folder, file) === undefined ? parentOf(file) : folder);
  const snapshot = await runToSnapshot(surroundings.engine(), await runOptionsOf([program, file], options, surroundings));
  const text = snapshot.text(file);
  if (text === undefined) throw new CannotRun(`${displayPath(file, folder)} was not analysed`);
  const lines = text.split(/\r\n|\r|\n/).length;
  if (line < 1 || line > lines) throw new CannotRun(`${displayPath(file, folder)} has ${lines} lines`);
  return `${snapshot.explain(file, line - 1).trimEnd()}\n`;
}

function unknownSubject(subject: string, library: Library): string {
  const near = nearCards(subject, listCards(library), 5);
  return `"${subject}" is no FILE:LINE, term, rule or API${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}`;
}
