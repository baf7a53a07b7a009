// Reasons beyond the function: the process or the host ends, or a wrapper catches only what its callback waits for.
import { calledName } from '../../model/calls';
import type { Facts } from '../../summary/facts';
import { callOfKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import { type Dropped, FINISHES, GOES_ON } from './dropped-promises';
import { handingOf } from './inner-functions';
import { laterPoints } from './later-points';
import { mayBeRejected } from './promises';
import type { Reason } from './reasons-to-wait';

/** Why somebody outside the function counts on dropped work; undefined where nothing shows that anybody does. */
export function reasonBeyond(fn: ResolvedFunction, dropped: Dropped, name: string, facts: Facts): Reason | undefined {
  if (dropped.certainty !== 'yes' || GOES_ON.test(name)) return undefined;
  return processEnds(fn, dropped, facts) ?? hostEnds(fn, dropped, name, facts) ?? outOfReach(fn, dropped, facts);
}

/** The process ends right after it, whatever happens, also through a function that does nothing else in the end. */
function processEnds(fn: ResolvedFunction, { start, functions }: Dropped, facts: Facts): Reason | undefined {
  // What waits for nothing is done when the call comes back.
  if (!functions.some((key) => (facts.summaryOf(key)?.awaits.length ?? 0) > 0)) return undefined;
  const around = enclosing(modelOf(fn));
  const own = around.get(start) ?? [];
  const isSure = (point: number) =>
    (around.get(point) ?? []).every(
      (each) =>
        each.kind === 'with' ||
        own.some(
          (other) => other.kind === each.kind && other.step === each.step && !(each.kind === 'branch' && other.kind === 'branch' && other.arm !== each.arm),
        ),
    );
  const end = laterPoints(modelOf(fn), start).find((point) => isSure(point) && endsProcess(fn, point, facts));
  if (end === undefined) return undefined;
  return {
    text: 'may be cut short: the process ends before it is done',
    related: [{ site: { function: fn.key, point: end }, message: 'Does not wait for it' }],
    confidence: 0.8,
  };
}

function endsProcess(fn: ResolvedFunction, point: number, facts: Facts, depth = 1): boolean {
  const call = modelOf(fn).operations[point];
  if (call.kind !== 'call' || call.callee.kind !== 'place') return false;
  const { root } = call.callee.place;
  if (root.kind === 'global') return calledName(call) === 'exit' && root.name.startsWith('process');
  const targets = fn.calls.get(point)?.targets ?? [];
  const inner = targets.length === 1 && fileOfKey(targets[0]) === fn.module.file ? facts.program.functions.get(targets[0]) : undefined;
  if (!inner || depth === 0 || modelOf(inner).isAsync) return false;
  const around = enclosing(modelOf(inner));
  return modelOf(inner).operations.some((_, at) => (around.get(at) ?? []).length === 0 && endsProcess(inner, at, facts, depth - 1));
}

/** VS Code ends the host of the extensions as soon as what deactivate() gives is settled. */
function hostEnds(fn: ResolvedFunction, { functions }: Dropped, name: string, facts: Facts): Reason | undefined {
  const model = modelOf(fn);
  if (model.name !== 'deactivate' || model.kind !== 'function' || model.isPrivate || !FINISHES.test(name)) return undefined;
  if (!functions.some((key) => (facts.summaryOf(key)?.awaits.length ?? 0) > 0)) return undefined;
  if (!Object.values(fn.module.module.bindings).some((binding) => binding.kind === 'import' && binding.specifier === 'vscode')) return undefined;
  return {
    text: 'is still going on when the extension host ends: that waits for nothing but the promise that deactivate() gives',
    related: [],
    confidence: 0.8,
  };
}

/** A callback of a wrapper that awaits it in a try: what the callback does not wait for is not caught there. */
function outOfReach(fn: ResolvedFunction, { start }: Dropped, facts: Facts): Reason | undefined {
  const handing = modelOf(fn).kind === 'lambda' && modelOf(fn).isAsync ? handingOf(fn, facts) : undefined;
  if (!handing || handing.position < 0 || (enclosing(modelOf(fn)).get(start) ?? []).some((each) => each.kind === 'try')) return undefined;
  const targets = handing.fn.calls.get(handing.point)?.targets ?? [];
  const wrapper = targets.length === 1 ? facts.program.functions.get(targets[0]) : undefined;
  if (!wrapper || wrapper.module !== fn.module) return undefined;
  const around = enclosing(modelOf(wrapper));
  const point = modelOf(wrapper).operations.findIndex(
    (operation, at) =>
      operation.kind === 'call' &&
      operation.outcome === 'awaited' &&
      operation.callee.kind === 'place' &&
      operation.callee.place.path.length === 0 &&
      operation.callee.place.root.kind === 'parameter' &&
      operation.callee.place.root.index === handing.position &&
      (around.get(at) ?? []).some((each) => each.kind === 'try' && each.part === 'body' && each.step.handlers.length > 0),
  );
  if (point < 0 || !mayBeRejected(fn, start, facts)) return undefined;
  return {
    text: `is out of reach of what ${handing.name}() catches: when it is rejected, the callback has long come back, and the rejection is an unhandled one, which ends a Node.js process`,
    related: [
      { site: { function: handing.fn.key, point: handing.point }, message: `Is given to ${handing.name}()` },
      { site: { function: wrapper.key, point }, message: `${callOfKey(wrapper.key)} catches what the callback waits for` },
    ],
    confidence: 0.75,
  };
}
