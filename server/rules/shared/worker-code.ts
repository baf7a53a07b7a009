// Worker code: whether a JavaScript file, or a function of it, runs in a worker.
import { placeOf } from '../../model/calls';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';

const OF_WORKERS = /^worker_threads\.(?:parentPort|workerData)\b/;
const MESSAGE_OF_SCOPE = /^(?:self\.|globalThis\.)?(?:onmessage|importScripts)$/;

/** Whether a file has code for workers: it reads what workers are given, or listens as a worker of a browser. */
export function isWorkerScript(file: string, facts: Facts): boolean {
  return facts.once(isWorkerScript, file, () => facts.functionsIn(file).some((fn) => mentions(fn, facts)));
}

/** Whether a file is written for the page of a browser: it works with the document, the window, or elements. */
export function isPageScript(file: string, facts: Facts): boolean {
  return facts.once(isPageScript, file, () => !isWorkerScript(file, facts) && facts.functionsIn(file).some(worksWithPage));
}

const OF_PAGE = /^(?:window|document)$/;
const ELEMENT_TYPE = /^(?:HTML\w*Element|SVG\w*Element|Element|Document|KeyboardEvent|MouseEvent|PointerEvent|TouchEvent|DragEvent|InputEvent)$/;

function worksWithPage(fn: ResolvedFunction): boolean {
  const { operations, parameters } = modelOf(fn);
  if (parameters.some(({ annotation }) => annotation && annotation.place.root.kind === 'global' && ELEMENT_TYPE.test(annotation.place.root.name))) return true;
  return operations.some((operation) => {
    const place = placeOf(operation);
    // `typeof window` alone asks where the code runs.
    return place?.root.kind === 'global' && OF_PAGE.test(place.root.name) && place.path.length > 0;
  });
}

/** Whether a function runs in workers only: a plain function of a worker's script, not a method of what the other side uses. */
export function runsInWorkers(fn: ResolvedFunction, facts: Facts): boolean {
  return modelOf(fn).class === undefined && isWorkerScript(fn.module.file, facts);
}

function mentions(fn: ResolvedFunction, facts: Facts): boolean {
  const { resolver } = facts.program;
  return modelOf(fn).operations.some((operation) => {
    const place = placeOf(operation);
    if (!place) return false;
    const { root, path } = place;
    if (root.kind === 'import' && OF_WORKERS.test([root.specifier, ...(root.name === undefined ? [] : [root.name]), ...path].join('.'))) return true;
    if (root.kind === 'global') {
      const name = [root.name, ...path].join('.');
      return MESSAGE_OF_SCOPE.test(name) || (name === 'self.addEventListener' && operation.kind === 'call');
    }
    if (root.kind !== 'module') return false;
    const type = resolver.typeOfPlace(fn.module, fn.index, place);
    return type?.kind === 'api' && OF_WORKERS.test(type.name);
  });
}
