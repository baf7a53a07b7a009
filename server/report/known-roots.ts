// Thread roots and functions in the words of hovers: with names as code, and where they are started.
import { describeRoot, type RootId, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { callOfKey, type FunctionKey } from '../summary/keys';
import type { KnownItem } from './known';
import { codeSpan } from './markdown';

/** A function with its name as code: `Cache.put()`, a callback in `start()`. */
export function codeCall(key: FunctionKey): string {
  const [, before, name] = /^((?:a callback in )*)(.*)$/s.exec(callOfKey(key))!;
  return before + (name.endsWith('()') ? codeSpan(name) : name);
}

/** Roots and where they are started, those that the program shows first; `own`: the function that is spoken of, which need not be named again. */
export function rootItems(roots: readonly RootId[], facts: Facts, own?: FunctionKey): KnownItem[] {
  const isStarted = (root: RootId) => rootParts(root).function !== undefined;
  return [...roots.filter(isStarted), ...roots.filter((root) => !isStarted(root))].map((root) => rootItem(root, facts, own));
}

function rootItem(root: RootId, facts: Facts, own?: FunctionKey): KnownItem {
  const { kind, many, function: target } = rootParts(root);
  if (target === undefined) return { text: describeRoot(root), sites: [] };
  const [spawner] = byKey(facts.program.spawners.get(target));
  const started = spawner?.[1][0];
  // "callbacks running a callback in …" would say it twice.
  const call = codeCall(target);
  const what = kind === 'callback' && call.startsWith('a callback') ? call.slice('a callback'.length) : ` running ${call}`;
  const text = target === own ? `${many ? `${kind}s` : `a ${kind}`} of its own` : `${many ? `${kind}s` : `the ${kind}`}${what}`;
  return started ? { text: `${text}, started in ${codeCall(spawner[0])}`, sites: [{ function: spawner[0], point: started.point }] } : { text, sites: [] };
}
