// All safe fixes of a notebook on save: the editor asks for them at the first cell, whatever that is written in.
import { type CodeAction, CodeActionKind, commands, type Disposable, languages, Range, type TextDocument, workspace } from 'vscode';

const KIND = CodeActionKind.Notebook.append('source.fixAll.lockset');

/** Passes on what is asked for at a cell of text, or of another language, to the first Python cell of its notebook. */
export function offerNotebookFixes(): Disposable {
  const provider = {
    provideCodeActions: async (document: TextDocument, _range: Range, { only }: { readonly only: CodeActionKind | undefined }): Promise<CodeAction[]> => {
      const cell = only?.contains(KIND) ? firstPythonCell(document) : undefined;
      // Python cells are the language client's.
      if (!cell || document.languageId === 'python') return [];
      const found = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', cell.uri, new Range(0, 0, 0, 0), KIND.value);
      return found.filter(({ kind }) => kind?.value === KIND.value);
    },
  };
  return languages.registerCodeActionsProvider({ scheme: 'vscode-notebook-cell' }, provider, { providedCodeActionKinds: [KIND] });
}

function firstPythonCell(document: TextDocument): TextDocument | undefined {
  const notebook = workspace.notebookDocuments.find((candidate) => candidate.getCells().some((cell) => cell.document === document));
  return notebook
    ?.getCells()
    .map((cell) => cell.document)
    .find(({ languageId }) => languageId === 'python');
}
