// Entry of the language server in a browser: a web worker that speaks the protocol, and one inside it for the analysis.
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import { browserWorkers, INNER_WORKER, serveOuterWorker } from './browser-worker';
import type { Engine } from './engine';
import { serve } from './server';

const loadEngine = (): Promise<Engine> => import('./browser-engine').then(({ browserEngine }) => browserEngine);
const scope = self as unknown as DedicatedWorkerGlobalScope;

if (scope.name === INNER_WORKER) {
  serveOuterWorker(loadEngine);
} else {
  const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(scope), new BrowserMessageWriter(scope));
  // VS Code wraps workers in a blob, whose address has no folder; its client says where the assets are.
  const address = scope.location.href;
  serve(connection, { startWorker: browserWorkers(address, loadEngine), defaultAssets: address.startsWith('blob:') ? '' : new URL('./', address).href });
  connection.listen();
}
