// Open documents: what clients have open, by id, with the analysis told of every change at once. A notebook is one document in here.
import { type Connection, type Position, type Range, TextDocuments, type TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AnalysisNotice } from './analysis-channel';
import { OpenNotebooks } from './open-notebooks';
import { documentId, uriOfId } from './uris';

/** A range of one of the client's documents, in the version that is open; `null` for one that is not. */
export interface ClientRange {
  readonly uri: string;
  readonly range: Range;
  readonly version: number | null;
}

/** A place in a file of the analysis. */
export interface FilePlace {
  readonly file: string;
  readonly position: Position;
}

/** Follows a connection's documents. Those that Lockset does not read are kept out. */
export class OpenDocuments {
  private readonly documents = new TextDocuments(TextDocument);
  private readonly notebooks: OpenNotebooks;
  /** A file may be open under two spellings of its URI; the last one that changed counts. */
  private readonly byId = new Map<string, TextDocument[]>();
  private readonly idOfUri = new Map<string, string>();

  constructor(
    connection: Connection,
    private readonly tell: (notice: AnalysisNotice) => void,
    private readonly onChange: (id: string) => void,
    private readonly onClose: (id: string, uris: readonly string[]) => void,
  ) {
    this.documents.onDidChangeContent(({ document }) => this.changed(document));
    this.documents.onDidClose(({ document }) => this.closed(document, [document.uri]));
    this.documents.listen(connection);
    this.notebooks = new OpenNotebooks(
      connection,
      (document) => this.changed(document),
      (document, cells) => this.closed(document, cells),
    );
  }

  /** The id of a URI that a client speaks of, open or not; undefined for what Lockset does not read. */
  idOf(uri: string): string | undefined {
    return this.idOfUri.get(this.notebooks.notebookOf(uri) ?? uri) ?? documentId(uri);
  }

  /** The client's own spelling of a file's URI where it has the file open. */
  uriOf(id: string): string {
    return this.byId.get(id)?.at(-1)?.uri ?? uriOfId(id);
  }

  /** The client's documents that a file is shown as: the cells of a notebook, else the one. */
  urisOf(id: string): readonly string[] {
    const uri = this.uriOf(id);
    return this.notebooks.cellsOf(uri) ?? [uri];
  }

  /** Which of a file's documents a request is about that names `uri`; a file may have several spellings. */
  shownAs(id: string, uri: string): string {
    return this.isNotebook(id) ? uri : this.uriOf(id);
  }

  isNotebook(id: string): boolean {
    return this.notebooks.cellsOf(this.uriOf(id)) !== undefined;
  }

  /** The place in the analysis that a client's position is about. */
  placeOf(uri: string, position: Position): FilePlace | undefined {
    const file = this.idOf(uri);
    const inFile = this.notebooks.notebookOf(uri) === undefined ? position : this.notebooks.toWhole(uri, position);
    return file !== undefined && inFile ? { file, position: inFile } : undefined;
  }

  /** Where the client finds a range of a file; of a notebook, that in one of its cells. */
  locate(id: string, range: Range): ClientRange | undefined {
    const uri = this.uriOf(id);
    if (this.isNotebook(id)) return this.notebooks.toCell(uri, range);
    return { uri, range, version: this.get(id)?.version ?? null };
  }

  /** An edit of a file as one of the client's documents; undefined where it would go beyond one cell of a notebook. */
  locateEdit(id: string, edit: TextEdit): (ClientRange & { readonly newText: string }) | undefined {
    const uri = this.uriOf(id);
    if (!this.isNotebook(id)) return { uri, ...edit, version: this.get(id)?.version ?? null };
    const inCell = this.notebooks.editInCell(uri, edit);
    return inCell && { uri: inCell.uri, ...inCell.edit, version: inCell.version };
  }

  get(id: string): TextDocument | undefined {
    return this.byId.get(id)?.at(-1);
  }

  get ids(): Iterable<string> {
    return this.byId.keys();
  }

  /** What a new worker has to be told. */
  notices(): AnalysisNotice[] {
    return [...this.byId].map(([file, documents]) => openNotice(file, documents[documents.length - 1]));
  }

  private changed(document: TextDocument): void {
    const id = this.idOfUri.get(document.uri) ?? documentId(document.uri, document.languageId);
    if (id === undefined) return;
    this.idOfUri.set(document.uri, id);
    const others = (this.byId.get(id) ?? []).filter((other) => other.uri !== document.uri);
    this.byId.set(id, [...others, document]);
    this.tell(openNotice(id, document));
    this.onChange(id);
  }

  private closed(document: TextDocument, uris: readonly string[]): void {
    const id = this.idOfUri.get(document.uri);
    if (id === undefined) return;
    this.idOfUri.delete(document.uri);
    const others = (this.byId.get(id) ?? []).filter((other) => other.uri !== document.uri);
    if (others.length > 0) {
      this.byId.set(id, others);
      this.tell(openNotice(id, others[others.length - 1]));
      return;
    }
    this.byId.delete(id);
    this.tell({ kind: 'close', file: id });
    this.onClose(id, uris);
  }
}

function openNotice(file: string, document: TextDocument): AnalysisNotice {
  return { kind: 'open', file, version: document.version, text: document.getText() };
}
