// Documents that exist only in the editor: text the server wrote, under a scheme of its own.
import { type Disposable, EventEmitter, Uri, workspace } from 'vscode';

/** Read-only documents of one scheme, by path. */
export class VirtualDocuments implements Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  private readonly registration: Disposable;

  constructor(private readonly scheme: string) {
    this.registration = workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: (uri) => this.texts.get(uri.path) ?? '',
    });
  }

  /** Makes or replaces the document called `name`, which may not hold a slash, and returns where it is. */
  write(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: this.scheme, path: `/${name}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
