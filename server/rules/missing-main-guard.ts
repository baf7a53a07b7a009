// A process or worker is started when the module is loaded, and the child loads the module again.
import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { makersOf, receiverOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey, fileOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point, Summary, Witness } from '../summary/summary';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import type { Child } from './shared/child-tests';
import { first, second } from './shared/interleavings';
import { type JobInWorkers, jobInWorkers } from './shared/jobs-in-workers';
import { begunAgain } from './shared/process-interleavings';
import { processStart, startsSoon } from './shared/process-start';
import { type SelfStart, selfStart } from './shared/self-starts';

export const missingMainGuard: Rule = {
  id: 'missing-main-guard',
  family: 'main-guard',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['add-main-guard'],
  *check(file, facts) {
    const module = facts.program.modules.get(file);
    if (module?.language === 'typescript') {
      const start = selfStart(file, facts);
      if (start) yield findingOf(start);
      const job = jobInWorkers(file, facts);
      if (job) yield scheduledTwice(job);
      return;
    }
    const body = module && facts.summaryOf(module.functionKeys[0]);
    const fn = module && facts.program.functions.get(module.functionKeys[0]);
    // A spawned child leaves a package's __main__ alone.
    if (!module || !body || !fn || forksOnly(fn) || /(?:^|\/)__main__\.py$/.test(file)) return;
    // The first start is where the guard goes; what follows it moves along.
    const start = startsOf(body, facts)[0];
    if (!start) return;
    const chain = chainOf(start, body, facts);
    const called = start.next === undefined ? '' : ` through ${callOfKey(start.next)}`;
    const site = { function: body.key, point: madeAt(start.point, fn, body, facts) };
    const finding: Finding = {
      rule: missingMainGuard.id,
      family: missingMainGuard.family,
      severity: missingMainGuard.severity,
      confidence: 0.8,
      site,
      message: `This starts processes while the module is being imported${called}: a child started with spawn or forkserver imports the module again and runs this line again, which fails with a RuntimeError or starts processes without end. Move it under if __name__ == "__main__":, or into a function called from there.`,
      related: chain,
      fixes: [{ kind: 'add-main-guard', site }],
      interleaving: begunAgain(
        [site],
        'starts a process while the file is being loaded',
        '',
        'The child raises a RuntimeError here, or starts children of its own without end.',
      ),
    };
    yield finding;
  },
};

function scheduledTwice({ site, job, fork }: JobInWorkers): Finding {
  return {
    rule: missingMainGuard.id,
    family: missingMainGuard.family,
    severity: 'information',
    confidence: 0.65,
    site,
    message:
      'Every worker of the cluster schedules this job as well: the workers load this file again and come to this line, so that the job runs as many times at once as there are processes. Schedule it where cluster.isPrimary is true, or in a process of its own.',
    related: [
      { site: fork, message: 'Workers are forked here, and load this file' },
      { site: job, message: 'The job is scheduled here, in each of them' },
    ],
    fixes: [{ kind: 'add-main-guard', site }],
    interleaving: {
      sides: ['one worker', 'another worker'],
      steps: [
        first(site, 'loads the file, and comes here'),
        first(job, 'schedules the job'),
        second(site, 'loads the same file'),
        second(job, 'schedules the same job'),
      ],
      harm: 'wrong',
      outcome: 'When its time comes, the job runs once in each of them.',
    },
  };
}

/** Where an unguarded statement of the module's body starts a process, itself or through what it calls, in order. */
function startsOf(body: Summary, facts: Facts): Witness[] {
  const starts: Witness[] = [];
  for (const spawn of body.spawns) {
    if (!spawn.guarded && spawn.reloads) starts.push({ point: spawn.point });
    // A thread that is started while the module loads comes to its process soon, in the child as well.
    else if (!spawn.guarded && spawn.function !== undefined && startsSoon(spawn.as) && fileOfKey(spawn.function) === fileOfKey(body.key)) {
      if (processStart(spawn.function, facts)) starts.push({ point: spawn.point, next: spawn.function });
    }
  }
  for (const call of body.calls) {
    if (body.unguardedCalls.has(call.point) && processStart(call.target, facts)) starts.push({ point: call.point, next: call.target });
  }
  return starts.sort((a, b) => a.point - b.point);
}

/** The calls that lead from the module's body to the start, and the start itself. */
function chainOf(start: Witness, body: Summary, facts: Facts): Related[] {
  const related: Related[] = [
    {
      site: { function: body.key, point: start.point },
      message: start.next === undefined ? 'Runs each time the module is loaded, in the child too' : `The module's body calls ${callOfKey(start.next)}`,
    },
  ];
  const seen = new Set<string>();
  for (let key = start.next; key !== undefined && !seen.has(key); ) {
    seen.add(key);
    const witness: Witness | undefined = processStart(key, facts);
    if (!witness) break;
    related.push({
      site: { function: key, point: witness.point },
      message: witness.next === undefined ? `${callOfKey(key)} starts the process here` : `${callOfKey(key)} calls ${callOfKey(witness.next)}`,
    });
    key = witness.next;
  }
  return related;
}

/** The guard has to hold what makes the process as well: `process = Process(…)` before `process.start()`. */
function madeAt(start: Point, fn: ResolvedFunction, body: Summary, facts: Facts): Point {
  const { operations } = modelOf(fn);
  const operation = operations[start];
  const receiver = operation?.kind === 'call' && isStart(operation) ? receiverOf(operation.callee) : undefined;
  if (!receiver) return start;
  const makes = (point: Point, made = fn.calls.get(point)) => made?.api?.kind === 'class' && made.spawns.some((spawn) => spawn.as === 'process');
  const own = [...makersOf(facts.program.resolver, fn.module, fn.index, receiver)].flatMap(({ call }) => operations.indexOf(call));
  // Out of a list it may be any that was made before.
  const known = own.length > 0 ? own : [...fn.calls.keys()];
  return known.find((point) => makes(point) && point < start && body.unguardedCalls.has(point)) ?? start;
}

function isStart(call: Call): boolean {
  return methodOf(call) === 'start';
}

/** With the fork start method a child does not import anything; then there is nothing to guard. */
function forksOnly(fn: ResolvedFunction): boolean {
  return modelOf(fn).operations.some(
    (operation, number) =>
      operation.kind === 'call' &&
      /(?:^|\.)set_start_method$/.test(fn.calls.get(number)?.api?.name ?? '') &&
      operation.arguments[0]?.value.kind === 'constant' &&
      operation.arguments[0].value.value === 'fork',
  );
}

/** Of a JavaScript module that starts a child of its own file. */
function findingOf({ child, path, useless, onSignal }: SelfStart): Finding {
  const [site] = path;
  const last = path.at(-1)!;
  const steps = path.slice(0, -1).map((step, i): Related => {
    const where = i === 0 ? "The module's body" : callOfKey(step.function);
    return { site: step, message: `${where} ${i === 0 && onSignal ? 'has the signal call' : 'calls'} ${callOfKey(path[i + 1].function)}` };
  });
  const started =
    path.length === 1 ? 'Runs each time the file is loaded, in the child too' : `${callOfKey(last.function)} starts ${NAMES[child]} of the same file here`;
  const asked = useless.filter((test, i) => useless.findIndex((other) => other.asks === test.asks) === i).slice(0, 3);
  const tests = asked.map((test): Related => ({ site: test.site, message: `Asks for ${test.asks}, which is ${WHY_USELESS[child]}` }));
  const through = path.length === 1 ? '' : ` through ${callOfKey(path[1].function)}`;
  const wrong =
    asked.length === 0 ? '' : ` The test of ${asked.map((test) => test.asks).join(' and ')} does not keep it from that: it is ${WHY_USELESS[child]}.`;
  return {
    rule: missingMainGuard.id,
    family: missingMainGuard.family,
    severity: missingMainGuard.severity,
    confidence: asked.length > 0 ? 0.75 : 0.8,
    site,
    message: onSignal
      ? `This has a signal start more workers${through}, in the workers too: they load the same file and get the signal as well, and cluster.fork is there in the primary only, so each of them dies with a TypeError. Register it only where cluster.isPrimary is true.`
      : `This starts ${NAMES[child]} of this very file while the file is being loaded${through}: ${AGAIN[child] ?? 'the child runs this line again and starts children of its own, without end.'}${wrong} ${REMEDIES[child]}`,
    related: [...steps, { site: last, message: started }, ...tests],
    interleaving: begunAgain(
      path,
      onSignal ? 'has a signal start more workers' : `starts ${NAMES[child]} of this file`,
      onSignal ? 'wants to start workers as well' : 'starts children of its own',
      onSignal || child === 'cluster'
        ? 'Only the primary can fork, so the worker dies with a TypeError.'
        : 'Each child starts children of its own, without end.',
    ),
    fixes: asked.length > 0 || child === 'process' || child === 'preloading' ? [] : [{ kind: 'add-main-guard', site }],
  };
}

/** What comes of the second time, where it is not the same once more. */
const AGAIN: Readonly<Partial<Record<string, string>>> = {
  cluster: 'each worker runs this line again, finds no cluster.fork, which is there in the primary only, and dies with a TypeError.',
};

const NAMES: Readonly<Record<Child, string>> = {
  thread: 'a worker thread',
  process: 'a process',
  cluster: 'a worker process',
  preloading: 'a process that preloads a copy',
};

const WHY_USELESS: Readonly<Record<Child, string>> = {
  thread: 'the same in a worker thread',
  process: 'the same in a forked process',
  cluster: 'the same in a worker of cluster',
  preloading: 'the same in a process that preloads the file',
};

const REMEDIES: Readonly<Record<Child, string>> = {
  thread: 'Start it only where isMainThread of worker_threads is true, or, in a browser, from a function that the page calls.',
  process: 'Start it only where an argument or environment variable that the child is given, or process.send, says that this is not the child.',
  cluster: 'Start it only where cluster.isPrimary is true.',
  preloading: 'Start it only where require.main === module: a preloaded file is not the main module.',
};
