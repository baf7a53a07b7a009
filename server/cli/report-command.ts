// lockset report: the concurrency of a workspace, as text, JSON or a page.
import { writeFileSync } from 'node:fs';
import { absolutePath } from '../disk/node-files';
import { displayPath } from '../report/plain-text';
import { renderReportHtml } from '../report/render-html';
import { reportToJson } from '../report/render-json';
import { renderReportText } from '../report/render-text';
import { LineMap } from '../text/line-map';
import { type Outcome, run } from './run';
import { runOptionsOf, type SharedOptions } from './run-options';
import type { Surroundings } from './surroundings';
import { CannotRun } from './terminal';
import { VERSION } from './version';

export interface ReportOptions extends SharedOptions {
  readonly format: 'text' | 'html' | 'json';
  readonly output?: string;
}

/** Makes the report of the paths and prints it, or writes it to a file. */
export async function report(paths: readonly string[], options: ReportOptions, surroundings: Surroundings): Promise<void> {
  const { terminal } = surroundings;
  const runOptions = runOptionsOf(paths, options, surroundings);
  const outcome = await run(surroundings.engine(), runOptions);
  const subject = runOptions.paths.map((path) => displayPath(path, terminal.folder)).join(' ');
  const text = render(outcome, options, { relativeTo: terminal.folder, subject, color: terminal.color && options.output === undefined });
  if (options.output === undefined) {
    terminal.write(text);
    return;
  }
  try {
    writeFileSync(absolutePath(options.output, terminal.folder), text);
  } catch (error) {
    throw new CannotRun(`cannot write ${options.output}: ${error instanceof Error ? error.message : String(error)}`);
  }
  terminal.tell(`wrote ${options.output}\n`);
}

function render(outcome: Outcome, options: ReportOptions, style: { relativeTo: string; subject: string; color: boolean }): string {
  if (options.format === 'text') return renderReportText(outcome.report, style);
  if (options.format === 'json') return `${JSON.stringify(reportToJson(outcome.report, { version: VERSION, relativeTo: style.relativeTo }))}\n`;
  return renderReportHtml(outcome.report, { ...style, sourceLine: sourceLines(outcome.sourceOf) });
}

/** Single lines of sources; each file's lines are found once. */
function sourceLines(sourceOf: (file: string) => string | undefined): (file: string, line: number) => string | undefined {
  const maps = new Map<string, { readonly text: string; readonly lines: LineMap }>();
  return (file, line) => {
    let known = maps.get(file);
    if (!known) {
      const text = sourceOf(file);
      if (text === undefined) return undefined;
      known = { text, lines: new LineMap(text) };
      maps.set(file, known);
    }
    if (line >= known.lines.lineCount) return undefined;
    const { start, end } = known.lines.lineSpan(line);
    return known.text.slice(start, end);
  };
}
