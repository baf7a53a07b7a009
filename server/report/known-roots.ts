// Thread roots, functions and locks in the words of hovers: with names as code, and where things are started.
import type { Language } from '../model/module';
import { CALLER, describeRoot, MAIN, type RootId, rootParts, severalOf } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { type CellKey, callOfKey, type FunctionKey, fileOfKey, type LockKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { KnownItem } from './known';
import { codeSpan, escapeMarkdown } from './markdown';

/** A function with its name as code: `Cache.put()`, a callback in `start()`. */
export function codeCall(key: FunctionKey): string {
  const [, before, name] = /^((?:a callback in )*)(.*)$/s.exec(callOfKey(key))!;
  return before + (name.endsWith('()') ? codeSpan(name) : name);
}

/** A lock's name, with its file where that is another than that of `near`. */
export function lockName(lock: LockKey, near: CellKey | FunctionKey): string {
  const file = fileOfKey(lock);
  const name = codeSpan(nameOfKey(lock));
  return file === fileOfKey(near) ? name : `${name} of ${escapeMarkdown(file.slice(file.lastIndexOf('/') + 1))}`;
}

/** Whether roots of a kind are run by one event loop in turn: a Python timer has a thread, JavaScript's is run by the loop. */
export function runsOnLoop(kind: string, language: Language): boolean {
  return kind === 'task' || kind === 'callback' || (kind === 'timer' && language === 'typescript');
}

/** How many roots come before whoever may call from outside, who is not to be overlooked. */
const BEFORE_CALLERS = 2;

/**
 * Roots and where they are started, those of the functions spoken of first. Where one of these is public,
 * outside callers count as well, though rules go without them if the workspace calls it. `own`: the function that need not be named again.
 */
export function rootItems(roots: readonly RootId[], facts: Facts, spokenOf: readonly FunctionKey[], own?: FunctionKey): KnownItem[] {
  const isStarted = (root: RootId) => rootParts(root).function !== undefined;
  const isClose = (root: RootId) => spokenOf.includes(rootParts(root).function ?? '');
  const started = roots.filter(isStarted);
  const offered = roots.includes(CALLER) || (!roots.includes(MAIN) && spokenOf.some((key) => isOffered(key, facts)));
  const others = [...roots.filter((root) => !isStarted(root) && root !== CALLER), ...(offered ? [CALLER] : [])];
  const ranked = [...started.filter(isClose), ...started.filter((root) => !isClose(root))];
  return [...ranked.slice(0, BEFORE_CALLERS), ...others, ...ranked.slice(BEFORE_CALLERS)].map((root) => rootItem(root, facts, spokenOf, own));
}

function isOffered(key: FunctionKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(key);
  const model = fn && modelOf(fn);
  return model !== undefined && model.kind !== 'lambda' && !model.isPrivate && isCalled(key, facts);
}

/** Called by the workspace, if only without waiting for it: what is nothing but the target of a thread is there for that alone. */
function isCalled(key: FunctionKey, facts: Facts): boolean {
  const started = [...(facts.program.spawners.get(key)?.values() ?? [])].flat();
  return (facts.program.callers.get(key)?.size ?? 0) > 0 || started.some(({ as }) => as === 'task');
}

/** ` running Cache._run()`; ` in start()` for a callback without a name, which would say "callback" twice. */
export function startedWhat(kind: string, target: FunctionKey): string {
  const call = codeCall(target);
  return kind === 'callback' && call.startsWith('a callback') ? call.slice('a callback'.length) : ` running ${call}`;
}

function rootItem(root: RootId, facts: Facts, spokenOf: readonly FunctionKey[], own: FunctionKey | undefined): KnownItem {
  const { kind, many, function: target } = rootParts(root);
  if (target === undefined) return { text: describeRoot(root), sites: [] };
  const text = target === own ? `${many ? severalOf(kind) : `a ${kind}`} of its own` : `${many ? severalOf(kind) : `the ${kind}`}${startedWhat(kind, target)}`;
  const files = new Set(spokenOf.map(fileOfKey));
  const starts = byKey(facts.program.spawners.get(target))
    .map(([spawner, sites]) => ({ spawner, sites: sites.filter((site) => site.as === kind) }))
    .filter(({ sites }) => sites.length > 0);
  const near = starts.find(({ spawner }) => files.has(fileOfKey(spawner))) ?? starts[0];
  if (!near) return { text, sites: [] };
  const by = `${codeCall(near.spawner)}${starts.length > 1 ? ` and ${starts.length - 1} more` : ''}`;
  return {
    text: text.endsWith(` in ${by}`) ? text : `${text}, started in ${by}`,
    sites: near.sites.map(({ point }) => ({ function: near.spawner, point })),
  };
}
