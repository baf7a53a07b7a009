// What is known of a function: which thread roots run it, what it may block on, which locks it needs and takes, what it starts.
import { blockedAt } from '../rules/shared/blocking-chain';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { groupBy } from '../summary/grouping';
import { callOfKey, type FunctionKey, isNamed } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Summary } from '../summary/summary';
import { BLOCKED_ON } from './hover-semantics';
import type { Known } from './known';
import { placeWorthTelling } from './known-place';
import { codeCall, lockName, rootItems, runsOnLoop, startedWhat } from './known-roots';
import { codeSpan } from './markdown';

/** A function that has to do with concurrency; undefined for any other, so that hovers on ordinary code stay as they are. */
export function knownFunction(key: FunctionKey, facts: Facts): Known | undefined {
  const fn = facts.program.functions.get(key);
  const summary = facts.summaryOf(key);
  if (!fn || !summary || fn.index === 0) return undefined;
  const context = facts.contextOf(key);
  const needs = (context.entry ?? []).filter(isNamed);
  const takes = [...summary.mayAcquire].filter(([lock]) => isNamed(lock));
  const started = context.roots.filter((root) => rootParts(root).function !== undefined);
  const blocked = [...blockedAt(fn, facts)].map(({ point, kind, api, chain }) => ({
    text: `${BLOCKED_ON[kind]}: ${codeSpan(api)}${chain.length > 0 ? ` through ${codeCall(chain[0].function)}` : ''}`,
    site: { function: key, point },
  }));
  const blocking = [...groupBy(blocked, ({ text }) => text).values()].map((group) => ({ text: group[0].text, sites: group.map(({ site }) => site) }));
  // Threads run helpers too; a card on each of those would only be in the way.
  const isStarted = started.some((root) => rootParts(root).function === key);
  const waits = started.length > 0 && (blocking.length > 0 || summary.awaits.length > 0);
  if (!isStarted && !waits && needs.length + takes.length + summary.spawns.length === 0 && !touchesShared(summary, started, facts)) return undefined;
  const { isAsync, isGenerator } = modelOf(fn);
  const { language } = fn.module;
  const spawned = (later: boolean) =>
    summary.spawns
      // What is not known to be a function of the program says nothing where it is only registered.
      .filter((spawn) => LATER.has(spawn.as) === later && (!later || spawn.function !== undefined))
      .map((spawn) => ({
        text: `${spawn.many ? `${spawn.as}s` : `a ${spawn.as}`}${spawn.function === undefined ? '' : startedWhat(spawn.as, spawn.function)}`,
        sites: [{ function: key, point: spawn.point }],
      }));
  // What an event loop runs to its end is never under way twice.
  const overlaps = needs.length === 0 && started.some((root) => rootParts(root).many && (isAsync || !runsOnLoop(rootParts(root).kind, language)));
  return {
    id: `function ${key}`,
    name: callOfKey(key),
    badges: [
      isAsync ? (isGenerator ? 'an async generator' : 'async') : undefined,
      started.length === 0 ? 'no other thread or task is known to run it' : undefined,
      overlaps ? 'several can be under way at a time' : undefined,
    ].filter((badge) => badge !== undefined),
    rows: [
      { label: 'Run by', items: started.length === 0 ? [] : rootItems(context.roots, facts, [key], key) },
      { label: 'Always called with', items: needs.map((lock) => ({ text: `${lockName(lock, key)} held`, sites: [] })) },
      {
        label: 'May take',
        items: takes.map(([lock, { point, next }]) => ({
          text: `${lockName(lock, key)}${next === undefined ? '' : ` through ${codeCall(next)}`}`,
          sites: [{ function: key, point }],
        })),
      },
      { label: 'May block on', items: blocking },
      { label: 'Starts', items: spawned(false) },
      { label: 'Registers', items: spawned(true) },
    ],
    terms: [...new Set([...started.map((root) => TERMS[rootParts(root).kind] ?? 'thread'), ...(blocking.length > 0 ? ['blocking'] : [])])],
  };
}

/** Kinds of what is not started at once but kept for a moment to come. */
const LATER = new Set(['callback', 'signal', 'finalizer']);

function touchesShared({ accesses }: Summary, started: readonly string[], facts: Facts): boolean {
  return started.length > 0 && accesses.some(({ cell, owned }) => !owned && placeWorthTelling(cell.key, facts) !== undefined);
}

/** The card of each kind of root that has one of another name. */
const TERMS: Readonly<Record<string, string>> = {
  process: 'child-process',
  task: 'task',
  worker: 'worker-thread',
  timer: 'timer',
  callback: 'callback',
  signal: 'signal-handler',
  finalizer: 'finalizer',
};
