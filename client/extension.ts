// The extension in VS Code on a computer or a remote machine: the language server is a Node process that talks over IPC.
import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { type Lockset, startLockset } from './start';

let lockset: Lockset | undefined;

/** Called by VS Code when a file of a supported language is opened; what it returns is for the tests. */
export function activate(context: ExtensionContext): Lockset {
  const module = context.asAbsolutePath('dist/server.js');
  const assets = context.asAbsolutePath('dist');
  lockset = startLockset(context, assets, (options) => {
    const server = { module, transport: TransportKind.ipc };
    return new LanguageClient('lockset', 'Lockset', { run: server, debug: { ...server, options: { execArgv: ['--nolazy', '--inspect=6017'] } } }, options);
  });
  // Not waited for: a command that has brought this about shows something at once.
  void lockset.start();
  return lockset;
}

/** Called by VS Code when the window closes: the server is told to shut down. */
export async function deactivate(): Promise<void> {
  await lockset?.stop();
}
