// Watching: files that change on disk and folders that come and go.
import { DidChangeWatchedFilesNotification, FileChangeType, type WorkspaceFolder } from 'vscode-languageserver';
import { relativePath } from '../workspace/file-system';
import { type Session, unheard } from './session';
import { pathOfUri } from './uris';

const SOURCES = '**/*.{py,pyi,pyw,ts,tsx,mts,cts,js,jsx,mjs,cjs}';
const SETTINGS = '**/{lockset,pyproject}.toml';
/** A baseline may have any name; this is how people call it. */
const BASELINES = '**/*baseline*.json';

/** Asks the client to watch, and passes on what it sees. */
export function watchFiles(session: Session): void {
  const { analysis, capabilities, connection } = session;
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const changed: string[] = [];
    const deleted: string[] = [];
    for (const { uri, type } of changes) {
      const path = pathOfUri(uri);
      if (path !== undefined) (type === FileChangeType.Deleted ? deleted : changed).push(path);
    }
    if (changed.length + deleted.length > 0) analysis.tell({ kind: 'watched', changed, deleted });
  });
  if (!capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
  unheard(
    connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: SOURCES }, { globPattern: SETTINGS }, { globPattern: BASELINES }],
    }),
  );
}

/** The folders that are on a disk, by id, and what becomes of them. */
export class Folders {
  private paths: string[];

  constructor(folders: readonly Pick<WorkspaceFolder, 'uri'>[]) {
    this.paths = idsOf(folders);
  }

  get ids(): readonly string[] {
    return this.paths;
  }

  /** Whether a file lies in one of them. */
  has(id: string): boolean {
    return this.paths.some((path) => relativePath(path, id) !== undefined);
  }

  /** Follows the client's changes; `session` must be of a client that has folders. */
  follow(session: Session): void {
    if (!session.capabilities.workspace?.workspaceFolders) return;
    session.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(idsOf(removed));
      this.paths = [...new Set([...this.paths.filter((path) => !gone.has(path)), ...idsOf(added)])];
      session.analysis.tell({ kind: 'folders', folders: this.paths });
    });
  }
}

function idsOf(folders: readonly Pick<WorkspaceFolder, 'uri'>[]): string[] {
  const paths = folders.flatMap(({ uri }) => pathOfUri(uri) ?? []);
  return [...new Set(paths.map((path) => (path.length > 1 && !/^[a-z]:\/$/.test(path) ? path.replace(/\/+$/, '') : path)))];
}
