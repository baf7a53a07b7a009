// Dropped promises: calls whose promise nobody gets, though it may be rejected or its work be needed.
import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import { callOfKey, type FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import type { Point } from '../../summary/summary';
import { type Certainty, calledFunctions, chainStart, givesPromise, isTakenCareOf } from './promises';

/** A call that stands alone as a statement and gives a promise. */
export interface Dropped {
  /** The whole chain: `save()` or `save().then(…)`. */
  readonly point: Point;
  /** The call that the chain begins with. */
  readonly start: Point;
  readonly call: Call;
  readonly certainty: Certainty;
  /** The functions of the workspace that are called, as far as they are known. */
  readonly functions: readonly FunctionKey[];
  /** The name of what is called: `save`; empty where it has none. */
  readonly called: string;
  /** As a person calls it: `save()`. */
  readonly name: string;
}

/** The promises that a function drops, those left out that are caught, or said to be dropped on purpose with `void`. */
export function droppedIn(fn: ResolvedFunction, facts: Facts): readonly Dropped[] {
  return facts.once(droppedIn, fn.key, () => {
    const model = modelOf(fn);
    return model.operations.flatMap((operation, point): Dropped[] => {
      if (operation.kind !== 'call' || operation.outcome !== 'dropped' || operation.form !== 'call') return [];
      const certainty = isTakenCareOf(model, point) ? undefined : givesPromise(fn, point, facts);
      if (certainty === undefined) return [];
      return [droppedAt(fn, point, certainty, facts)];
    });
  });
}

/** What is dropped at a point where a promise is known to be. */
export function droppedAt(fn: ResolvedFunction, point: Point, certainty: Certainty, facts: Facts): Dropped {
  const model = modelOf(fn);
  const start = chainStart(model, point);
  const call = model.operations[start] as Call;
  const functions = calledFunctions(fn, start, facts);
  const own = call.callee.kind === 'function' ? fn.module.module.functions[call.callee.function].name : calledName(call);
  const called = own.startsWith('lambda-') ? '' : own.slice(own.lastIndexOf('.') + 1);
  return {
    point,
    start,
    call,
    certainty,
    functions,
    called,
    name: called === '' && functions.length === 1 ? callOfKey(functions[0]) : `${called || 'the call'}()`,
  };
}

/** What is told, counted or measured beside the work itself: nobody waits for that. */
export const ASIDE =
  /^(?:(?:log|debug|trace|print)\w*|info|warn|warning|error|notify|alert|toast|track|capture\w*|report\w*|record\w*|metric\w*|measure\w*|audit\w*|telemetry\w*|analytics\w*|increment|gauge|histogram|prefetch\w*|preload\w*|warm\w*|ping|beacon|sendBeacon|focus|play|vibrate|scroll\w*|openExternal|show\w*Message|show\w*)$/i;

/** Work that goes on by itself, and is not expected to end soon. */
export const GOES_ON =
  /^(?:run\w*|start\w*|loop\w*|poll\w*|watch\w*|listen\w*|schedule\w*|monitor\w*|main|bootstrap|init\w*|boot|serve|work|tick\w*|spin|consume\w*|drain\w*|pump\w*|process\w*|next|resume|reconnect\w*|heartbeat\w*|keep\w*|\w*(?:Loop|Worker|Forever|Timer|InBackground|Background|Async))$/;

/** Work with an end that others count on: what is stored, sent, given back, taken down. */
export const FINISHES =
  /^_*(?:save|store|persist|write|flush|commit|rollback|update|upsert|insert|remove|delete|destroy|create|put|upload|append|rename|move|copy|mkdir|unlink|rm|truncate|migrate|seed|sync|import|export|publish|transfer|apply|set|add|register|unregister|subscribe|unsubscribe|close|disconnect|release|unlock|cleanup|clean|clear|reset|teardown|dispose|invalidate|revoke|cancel|stop|shutdown|terminate|kill|output|ensure|replace|archive|restore|pipeline|assert|bind|load|fetch|refresh|reload)(?![a-z])/;
