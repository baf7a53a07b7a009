// Entry of the language server in Node: the protocol on the main thread, the analysis in a worker of the same file.
import { isMainThread } from 'node:worker_threads';

// Each thread loads only its own half of the bundle.
if (isMainThread) {
  void import('./node-server').then(({ startNodeServer }) => startNodeServer({ script: __filename }));
} else {
  void Promise.all([import('./node-worker'), import('./node-engine')]).then(([{ serveParent }, { nodeEngine }]) => serveParent(nodeEngine));
}
