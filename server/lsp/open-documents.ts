// Open documents: what clients have open, by id, with the analysis told of every change at once.
import { type Connection, type Range, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AnalysisNotice } from './analysis-channel';
import { documentId, uriOfId } from './uris';

/** A range of one of the client's documents, in the version that is open; `null` for one that is not. */
export interface ClientRange {
  readonly uri: string;
  readonly range: Range;
  readonly version: number | null;
}

/** Follows a connection's documents. Those that Lockset does not read are kept out. */
export class OpenDocuments {
  private readonly documents = new TextDocuments(TextDocument);
  /** A file may be open under two spellings of its URI; the last one that changed counts. */
  private readonly byId = new Map<string, TextDocument[]>();
  private readonly idOfUri = new Map<string, string>();

  constructor(
    connection: Connection,
    private readonly tell: (notice: AnalysisNotice) => void,
    private readonly onChange: (id: string) => void,
    private readonly onClose: (id: string, uri: string) => void,
  ) {
    this.documents.onDidChangeContent(({ document }) => this.changed(document));
    this.documents.onDidClose(({ document }) => this.closed(document));
    this.documents.listen(connection);
  }

  /** The id of a URI that a client speaks of, open or not; undefined for what Lockset does not read. */
  idOf(uri: string): string | undefined {
    return this.idOfUri.get(uri) ?? documentId(uri);
  }

  /** The client's own spelling of a file's URI where it has the file open. */
  uriOf(id: string): string {
    return this.byId.get(id)?.at(-1)?.uri ?? uriOfId(id);
  }

  /** Where the client finds a range of a file. */
  locate(id: string, range: Range): ClientRange | undefined {
    return { uri: this.uriOf(id), range, version: this.get(id)?.version ?? null };
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

  private closed(document: TextDocument): void {
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
    this.onClose(id, document.uri);
  }
}

function openNotice(file: string, document: TextDocument): AnalysisNotice {
  return { kind: 'open', file, version: document.version, text: document.getText() };
}
