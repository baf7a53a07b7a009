// What a thread or a job does stands in a try that catches everything and tells nobody.
import type { Block, Step, Try } from '../model/operation';
import type { Value } from '../model/value';
import { rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { raisingAt } from '../summary/raising';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopAround, pointsIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, oneRun } from './shared/interleavings';

export const exceptionSwallowedInThread: Rule = {
  id: 'exception-swallowed-in-thread',
  family: 'lost-exception',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    const root = facts.contextOf(key).roots.find((each) => rootParts(each).function === key && /^(?:thread|process|timer|task)$/.test(rootParts(each).kind));
    if (!fn || !root) return;
    const model = modelOf(fn);
    for (const step of triesIn(model.body)) {
      const handler = silentHandler(fn, step);
      const failing = handler === undefined || onlyEnds(fn, step) ? undefined : failingWork(fn, step, facts);
      if (handler === undefined || failing === undefined) continue;
      const site = { function: key, point: handler };
      const finding: Finding = {
        rule: exceptionSwallowedInThread.id,
        family: exceptionSwallowedInThread.family,
        ...(isEndOfConnection(fn, step, handler)
          ? ({ severity: 'information', confidence: 0.4 } as const)
          : { severity: exceptionSwallowedInThread.severity, confidence: 0.7 }),
        site,
        message: `What goes wrong in ${callOfKey(key)} is swallowed: it runs beside the rest of the program, all its work stands in a try that catches every exception, and the handler tells nobody. The work fails and everything looks fine. Log the exception, keep it for whoever waits, or catch only what is expected.`,
        related: [],
        interleaving: {
          sides: [oneRun(root, key)],
          steps: [first({ function: key, point: failing }, 'fails with an exception'), first(site, 'catches it, whatever it is, and tells nobody')],
          harm: 'lost',
          outcome: 'The work is not done, and everything looks fine.',
        },
        fixes: [],
      };
      yield finding;
    }
  },
};

/** Tries that stand straight in the function, in its loops and with steps. */
function triesIn(block: Block): Try[] {
  return block.flatMap((step: Step): Try[] => {
    if (typeof step === 'number' || step.kind === 'branch') return [];
    if (step.kind === 'try') return [step, ...triesIn(step.body)];
    return triesIn(step.body);
  });
}

/** Where a handler that catches everything leaves again without having done anything; of `pass`, the end of the body. */
function silentHandler(fn: ResolvedFunction, step: Try): number | undefined {
  const model = modelOf(fn);
  const all = step.catches?.findIndex((names) => names.some((name) => /^(?:\*|Exception|BaseException)$/.test(name))) ?? -1;
  if (all < 0 || step.final.length > 0) return undefined;
  const points = pointsIn(model, step.handlers[all]);
  const [leaves] = points;
  if (points.length === 0) return pointsIn(model, step.body).at(-1);
  const operation = points.length === 1 ? model.operations[leaves] : undefined;
  return operation && /^(?:continue|break|return)$/.test(operation.kind) && operation.depends.length === 0 ? leaves : undefined;
}

const ENDS = /^(?:close|wait|join|kill|terminate|shutdown|stop|disconnect|unlink|remove|rmtree|cleanup|quit|exit|cancel|poll)$/;

/** All that stands in the try, with the calls of library functions in it, only ends things: where that fails they have mostly ended before. */
function onlyEnds(fn: ResolvedFunction, step: Try): boolean {
  const model = modelOf(fn);
  const calls = pointsIn(model, step.body).flatMap((point) => {
    const operation = point < 0 ? undefined : model.operations[point];
    return operation?.kind === 'call' ? [operation] : [];
  });
  return calls.length > 0 && calls.every(({ callee }) => callee.kind === 'place' && ENDS.test(callee.place.path.at(-1) ?? ''));
}

/** A loop that is left as soon as its connection fails: that is mostly how it learns that the other side is gone. */
function isEndOfConnection(fn: ResolvedFunction, step: Try, leaves: number): boolean {
  const model = modelOf(fn);
  const operation = model.operations[leaves];
  if (!/^(?:break|return)$/.test(operation.kind) || !loopAround(model, leaves)) return false;
  const named = (value: Value) => value.kind === 'place' && /^(?:recv\w*|send\w*|accept|read\w*)$/.test(value.place.path.at(-1) ?? '');
  return pointsIn(model, step.body).some((point) => {
    const inside = point < 0 ? undefined : model.operations[point];
    return inside?.kind === 'call' && (named(inside.callee) || inside.arguments.some((argument) => named(argument.value)));
  });
}

/** The first call that can fail, where all such calls of the function stand in the try. */
function failingWork(fn: ResolvedFunction, step: Try, facts: Facts): number | undefined {
  const model = modelOf(fn);
  const inside = new Set(pointsIn(model, step.body));
  const fails = model.operations.flatMap((operation, number) =>
    operation.kind === 'call' && raisingAt(fn, number, (key) => facts.summaryOf(key)) === 'likely' ? [number] : [],
  );
  return fails.every((number) => inside.has(number)) ? fails[0] : undefined;
}
