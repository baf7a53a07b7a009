// The workspace report as an editor shows it and as it writes it to a file, with the names that people know their files by.
import { renderReportHtml } from '../report/render-html';
import { mapFiles } from '../report/report-files';
import { REPORT_FILE_FORMATS } from '../report/report-formats';
import type { ReportMap } from '../report/report-map';
import type { WorkspaceReport } from '../report/workspace-report';
import { relativePath } from '../workspace/file-system';
import type { ReportFile, ReportPage } from './engine';
import { pathOfUri, uriOfId } from './uris';

/** The page of an editor's view, whose places name files by their URIs. */
export function reportPage({ report, folders, lineOf, nonce, contentSecuritySource }: ReportPage): string {
  const { idOf, named } = withNames(report);
  const addressOf = (name: string) => (name === '' ? '' : uriOfId(idOf(name)));
  // The map leads to its files, too.
  const map: ReportMap = { ...named.map, files: named.map.files.map(addressOf) };
  return renderReportHtml(
    { ...named, map },
    { nonce, contentSecuritySource, relativeTo: commonFolder(folders), addressOf, sourceLine: (name, line) => lineOf(idOf(name), line) },
  );
}

/** The text of a file; `script` goes into pages. */
export function reportFile({ report, folders, lineOf, format, version, script }: ReportFile & { readonly script: string }): string {
  const { idOf, named } = withNames(report);
  const relativeTo = commonFolder(folders);
  const output = {
    ...named,
    report: named,
    files: named.counts.files,
    version,
    relativeTo,
    lineOf: (name: string, line: number) => lineOf(idOf(name), line),
    subject: folders.map((folder) => folder.slice(folder.lastIndexOf('/') + 1)).join(', '),
    pageScript: () => script,
  };
  return REPORT_FILE_FORMATS[format](output);
}

/** The folder that paths are shown relative to: of several the one that holds them all, so that paths begin with their names. */
export function commonFolder(folders: readonly string[]): string | undefined {
  if (folders.length < 2) return folders[0];
  const names = folders[0].split('/');
  for (let length = names.length - 1; length > 1; length--) {
    const common = names.slice(0, length).join('/');
    if (folders.every((folder) => folder !== common && relativePath(common, folder) !== undefined)) return common;
  }
  return undefined;
}

/** The report with paths in place of ids where there is one, and the way back. */
function withNames(report: WorkspaceReport): { readonly named: WorkspaceReport; readonly idOf: (name: string) => string } {
  const ids = new Map<string, string>();
  const named = mapFiles(report, (id) => {
    if (id === '') return id;
    const uri = uriOfId(id);
    const name = pathOfUri(uri) ?? uri;
    ids.set(name, id);
    return name;
  });
  return { named, idOf: (name) => ids.get(name) ?? name };
}
