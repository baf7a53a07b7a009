// Writes the report to a file that a person chooses, wherever the workspace lies.
import { ProgressLocation, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { EXPORT_REPORT, type ExportReportParameters, type ExportReportResult, type ReportFileFormat } from '../server/lsp/messages';
import type { ServerProcess } from './server-process';

interface Format extends QuickPickItem {
  readonly format: ReportFileFormat;
  readonly ending: string;
}

const FORMATS: readonly Format[] = [
  { format: 'html', ending: 'html', label: 'HTML', detail: 'One page with everything in it, for any browser and for paper' },
  { format: 'markdown', ending: 'md', label: 'Markdown', detail: 'For pull requests and wikis' },
  { format: 'json', ending: 'json', label: 'JSON', detail: 'For programs of your own' },
  { format: 'sarif', ending: 'sarif', label: 'SARIF', detail: 'For code scanning services and SARIF viewers' },
];

/** Asks for a format and a file; leaving either question ends it. The report is of the whole workspace, so it waits until that is read. */
export async function exportReport(server: ServerProcess): Promise<void> {
  const chosen = await window.showQuickPick(FORMATS, { title: 'Export Concurrency Report', placeHolder: 'Format of the file' });
  if (!chosen) return;
  const { format, ending, label } = chosen;
  const [folder] = workspace.workspaceFolders ?? [];
  const defaultUri = folder && Uri.joinPath(folder.uri, `concurrency-report.${ending}`);
  const file = await window.showSaveDialog({ title: 'Export Concurrency Report', defaultUri, filters: { [label]: [ending] } });
  if (!file) return;
  await window.withProgress({ location: ProgressLocation.Window, title: 'Lockset: exporting the report' }, async () => {
    const { text } = await server.request<ExportReportResult>(EXPORT_REPORT, { format } satisfies ExportReportParameters);
    await workspace.fs.writeFile(file, new TextEncoder().encode(text));
  });
  window.setStatusBarMessage(`Lockset: wrote ${workspace.asRelativePath(file)}`, 5000);
}
