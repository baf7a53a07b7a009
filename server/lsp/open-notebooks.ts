// Open notebooks: their Python cells as the client has them, each notebook as one document that is analysed like a file.
import type { Connection, NotebookDocumentSyncOptions, Position, Range, TextEdit, VersionedTextDocumentIdentifier } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { NotebookText } from './notebook-text';

/** Which notebooks and cells a client tells of. Notebooks that are not open are not read. */
export const NOTEBOOK_SYNC: NotebookDocumentSyncOptions = { notebookSelector: [{ notebook: '*', cells: [{ language: 'python' }] }] };

/** A part of a cell, in the version that is open. */
export interface CellRange {
  readonly uri: string;
  readonly range: Range;
  readonly version: number;
}

class Notebook {
  /** The document that is analysed; a new one, with a higher version, after each change of any cell. */
  document: TextDocument;
  whole: NotebookText;
  readonly documents = new Map<string, TextDocument>();

  constructor(
    readonly uri: string,
    public cells: readonly string[],
  ) {
    this.whole = new NotebookText([]);
    this.document = TextDocument.create(uri, 'python', 0, '');
  }

  refresh(): void {
    this.whole = new NotebookText(this.cells.flatMap((uri) => ({ uri, text: this.documents.get(uri)?.getText() ?? '' })));
    this.document = TextDocument.create(this.uri, 'python', this.document.version + 1, this.whole.text);
  }
}

/** Follows a connection's notebooks and tells of each as a document. */
export class OpenNotebooks {
  private readonly notebooks = new Map<string, Notebook>();
  private readonly byCell = new Map<string, Notebook>();

  constructor(
    connection: Connection,
    private readonly onChange: (document: TextDocument) => void,
    private readonly onClose: (document: TextDocument, cells: readonly string[]) => void,
  ) {
    const { synchronization } = connection.notebooks;
    synchronization.onDidOpenNotebookDocument(({ notebookDocument, cellTextDocuments }) => {
      const notebook = new Notebook(
        notebookDocument.uri,
        notebookDocument.cells.map(({ document }) => document),
      );
      this.notebooks.set(notebook.uri, notebook);
      this.openCells(notebook, cellTextDocuments);
      this.changed(notebook);
    });
    synchronization.onDidChangeNotebookDocument(({ notebookDocument, change }) => {
      const notebook = this.notebooks.get(notebookDocument.uri);
      if (!notebook || !change.cells) return;
      const { structure, textContent = [] } = change.cells;
      if (structure) {
        const { start, deleteCount, cells = [] } = structure.array;
        notebook.cells = notebook.cells.toSpliced(start, deleteCount, ...cells.map(({ document }) => document));
        this.openCells(notebook, structure.didOpen ?? []);
        for (const { uri } of structure.didClose ?? []) this.closeCell(notebook, uri);
      }
      for (const { document, changes } of textContent) update(notebook, document, changes);
      this.changed(notebook);
    });
    synchronization.onDidCloseNotebookDocument(({ notebookDocument }) => {
      const notebook = this.notebooks.get(notebookDocument.uri);
      if (!notebook) return;
      this.notebooks.delete(notebook.uri);
      for (const uri of notebook.cells) this.closeCell(notebook, uri);
      this.onClose(notebook.document, notebook.cells);
    });
  }

  /** The URI of the notebook that has a cell. */
  notebookOf(cell: string): string | undefined {
    return this.byCell.get(cell)?.uri;
  }

  /** The cells of a notebook in their order; undefined for what is no open notebook. */
  cellsOf(notebook: string): readonly string[] | undefined {
    return this.notebooks.get(notebook)?.cells;
  }

  /** Where a place in a cell is in the notebook's document. */
  toWhole(cell: string, position: Position): Position | undefined {
    return this.byCell.get(cell)?.whole.toWhole(cell, position);
  }

  toCell(notebook: string, range: Range): CellRange | undefined {
    const found = this.notebooks.get(notebook)?.whole.toCell(range);
    return found && { ...found, version: this.versionOf(found.uri) };
  }

  /** An edit of the notebook's document as one of a cell, if that can be. */
  editInCell(notebook: string, edit: TextEdit): { readonly uri: string; readonly edit: TextEdit; readonly version: number } | undefined {
    const found = this.notebooks.get(notebook)?.whole.editInCell(edit);
    return found && { ...found, version: this.versionOf(found.uri) };
  }

  private versionOf(cell: string): number {
    return this.byCell.get(cell)?.documents.get(cell)?.version ?? 0;
  }

  private openCells(notebook: Notebook, cells: readonly { uri: string; languageId: string; version: number; text: string }[]): void {
    for (const { uri, languageId, version, text } of cells) {
      notebook.documents.set(uri, TextDocument.create(uri, languageId, version, text));
      this.byCell.set(uri, notebook);
    }
  }

  private closeCell(notebook: Notebook, uri: string): void {
    notebook.documents.delete(uri);
    this.byCell.delete(uri);
  }

  private changed(notebook: Notebook): void {
    notebook.refresh();
    this.onChange(notebook.document);
  }
}

function update(notebook: Notebook, { uri, version }: VersionedTextDocumentIdentifier, changes: Parameters<typeof TextDocument.update>[1]): void {
  const document = notebook.documents.get(uri);
  if (document) notebook.documents.set(uri, TextDocument.update(document, changes, version));
}
