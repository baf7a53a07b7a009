// The language server with the fake engine: bundled by the tests and run as a process of its own.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  void import('../../../server/lsp/node-server').then(({ startNodeServer }) => startNodeServer({ script: __filename, heapLimit: 40, restartDelay: 20 }));
} else {
  void Promise.all([import('../../../server/lsp/node-worker'), import('./fake-engine')]).then(([{ serveParent }, { fakeEngine }]) => serveParent(fakeEngine));
}
