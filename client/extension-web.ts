// The extension in a browser: the language server is a web worker.
import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { type Lockset, startLockset } from './start';

let lockset: Lockset | undefined;

/** Called by VS Code when a file of a supported language is opened; what it returns is for the tests. */
export function activate(context: ExtensionContext): Lockset {
  const script = Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true);
  const assets = `${Uri.joinPath(context.extensionUri, 'dist').toString(true)}/`;
  // The worker itself, not a function that makes it: the client does not know VS Code's workers for such when it looks at a result.
  lockset = startLockset(context, assets, (options) => new LanguageClient('lockset', 'Lockset', new Worker(script, { name: 'Lockset' }), options));
  // Not waited for: a command that has brought this about shows something at once.
  void lockset.start();
  return lockset;
}

/** Called by VS Code when the window closes: the worker is told to shut down. */
export async function deactivate(): Promise<void> {
  await lockset?.stop();
}
