// Calls in coroutines: where `await` can be written before one, and how.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { insertion, type PythonPlace, type PythonSource } from '../fix';
import { isInCoroutine, isStatement } from './blocks';
import { callAt } from './calls';

/**
 * The call at a place, if `await` can be written before it: it is evaluated by a coroutine of asyncio, then and there.
 * Undefined where it is awaited already.
 */
export function awaitableCall({ node, source }: PythonPlace): PythonNode | undefined {
  const call = callAt(node);
  if (!call || !isInCoroutine(call) || isOfAnotherLoop(source)) return undefined;
  for (let at = call.parent; at; at = at.parent) {
    if (LATER.has(at.kind) || at.kind === Kind.await) return undefined;
    if (isStatement(at)) return call;
  }
  return undefined;
}

/** What is evaluated later, elsewhere, or is hard to read with an `await` in it. */
const LATER = new Set<number>([Kind.lambda, Kind.generatorExpression, Kind.decorator, Kind.parameters, Kind.classDefinition, Kind.string]);

/** Edits that put `await` before a call, in brackets where something is asked of what comes out. */
export function awaitEdits(call: PythonNode): readonly [before: TextEdit, ...after: TextEdit[]] {
  const { before, after } = awaitAround(call);
  return after === '' ? [insertion(call.start, before)] : [insertion(call.start, before), insertion(call.end, after)];
}

/** What has to stand before and behind an expression in the place of a call, so that its outcome is awaited. */
export function awaitAround({ parent, start, end }: PythonNode): { readonly before: string; readonly after: string } {
  const isAsked = parent !== undefined && ASKS.has(parent.kind) && parent.children[0]?.start === start && parent.children[0].end === end;
  return isAsked ? { before: '(await ', after: ')' } : { before: 'await ', after: '' };
}

/** `f().x`, `f()()`, `f()[0]` */
const ASKS = new Set<number>([Kind.attribute, Kind.call, Kind.subscript]);

/** Trio's and curio's coroutines, and those that anyio may run on either, know nothing of asyncio. */
export function isOfAnotherLoop({ text }: PythonSource): boolean {
  return /^[ \t]*(?:import|from)[ \t]+(?:trio|curio|anyio)\b/m.test(text) && !/^[ \t]*(?:import|from)[ \t]+asyncio\b/m.test(text);
}

/** What belongs to one event loop, such as a lock of asyncio, cannot be used by another. */
export function hasSeveralLoops({ text }: PythonSource): boolean {
  return /\b(?:run_until_complete|new_event_loop|run_coroutine_threadsafe)\b/.test(text);
}
