// Self starts: how the body of a JavaScript module comes to start a child that loads the very same file, with no test that keeps the child from it.
import type { Block, Branch } from '../../model/operation';
import type { Value } from '../../model/value';
import { meansThisFile } from '../../summary/call-values';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { pointsIn } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { type Child, type ChildTest, childTests } from './child-tests';
import { startsSoon } from './process-start';

/** A start that the child comes to as well. */
export interface SelfStart {
  readonly child: Child;
  /** From the statement of the module's body to the start itself. */
  readonly path: readonly { readonly function: FunctionKey; readonly point: Point }[];
  /** Tests on the way that do not tell this child from the program. */
  readonly useless: readonly ChildTest[];
  /** Begun when a signal comes, in every process that has loaded the file. */
  readonly onSignal: boolean;
}

const DEPTH = 10;
const SIGNAL = /^SIG[A-Z\d]+$/;

/** The first start that the body of a module comes to; undefined where there is none, or tests keep all children from them. */
export function selfStart(file: string, facts: Facts): SelfStart | undefined {
  const module = facts.program.modules.get(file);
  const body = module && facts.program.functions.get(module.functionKeys[0]);
  return body && new Search(facts, file).within(body, [], [], false);
}

class Search {
  private readonly done = new Set<string>();
  /** cluster's children run another file. */
  private readonly elsewhere: boolean;

  constructor(
    private readonly facts: Facts,
    private readonly file: string,
  ) {
    this.elsewhere = facts.functionsIn(file).some((fn) => [...fn.calls].some(([point, call]) => this.runsAnotherFile(fn, point, call.api?.name)));
  }

  /** The first start in a function that is entered where `tests` have been asked. */
  within(fn: ResolvedFunction, tests: readonly ChildTest[], path: SelfStart['path'], onSignal: boolean): SelfStart | undefined {
    const memory = `${fn.key} ${onSignal} ${[...new Set(tests.flatMap((test) => test.tells))].sort().join()}`;
    if (path.length > DEPTH || this.done.has(memory)) return undefined;
    this.done.add(memory);
    let found: SelfStart | undefined;
    const visit = (block: Block, asked: readonly ChildTest[]): readonly ChildTest[] | undefined => {
      let state: readonly ChildTest[] | undefined = asked;
      for (const step of block) {
        if (!state || found) return state;
        if (typeof step === 'number') state = operate(step, state);
        else if (step.kind === 'branch') state = branch(step, state);
        else if (step.kind === 'loop') {
          visit(step.body, state);
          visit(step.otherwise, state);
        } else if (step.kind === 'with') state = visit(step.body, state);
        else {
          const body = visit(step.body, state);
          const handlers = step.handlers.map((handler) => visit(handler, asked));
          const after: readonly ChildTest[] | undefined = [body && visit(step.otherwise, body), ...handlers].find((each) => each !== undefined);
          visit(step.final, state);
          state = after;
        }
      }
      return state;
    };
    const branch = (step: Branch, asked: readonly ChildTest[]): readonly ChildTest[] | undefined => {
      const { operations } = modelOf(fn);
      const numbers = [...new Set(step.test.flatMap((number) => [number, ...operations[number].depends]))];
      const here = [...asked, ...childTests(fn, numbers, this.facts)];
      const live = step.arms.flatMap((arm, index) => {
        // Only the first arm runs where the file is the program itself: a preload never gets there.
        const point = step.test[0] ?? pointsIn(modelOf(fn), arm).find((each) => each >= 0);
        const program: ChildTest[] =
          step.guard && index === 0 && point !== undefined
            ? [{ site: { function: fn.key, point }, asks: 'whether this is the main module', tells: ['preloading'] }]
            : [];
        const left = visit(arm, step.guard ? [...asked, ...program] : here);
        return left ? [left] : [];
      });
      if (live.length === 1) return live[0];
      return live.length === 0 ? undefined : asked;
    };
    const operate = (point: number, asked: readonly ChildTest[]): readonly ChildTest[] | undefined => {
      const operation = modelOf(fn).operations[point];
      if (operation.kind === 'return' || operation.kind === 'raise') return undefined;
      if (operation.kind !== 'call') return asked;
      const call = fn.calls.get(point);
      if (call?.api?.name === 'process.exit' || isExit(operation.callee)) return undefined;
      const here = [...path, { function: fn.key, point }];
      const child = this.childOf(fn, point);
      if (child && !asked.some((test) => test.tells.includes(child)) && (!onSignal || child === 'cluster')) {
        found ??= { child, path: here, useless: asked, onSignal };
        return asked;
      }
      const next = (key: FunctionKey | undefined, signal: boolean) => {
        const called = key !== undefined && fileOfKey(key) === this.file ? this.facts.program.functions.get(key) : undefined;
        if (called) found ??= this.within(called, asked, here, signal);
      };
      for (const target of call?.targets ?? []) next(target, onSignal);
      for (const { function: key } of call?.callbacks ?? []) next(key, onSignal);
      const [first] = operation.arguments;
      const signal =
        /^process\.(?:on|once|addListener)$/.test(call?.api?.name ?? '') && first?.value.kind === 'constant' && SIGNAL.test(String(first.value.value));
      for (const spawn of call?.spawns ?? []) if (startsSoon(spawn.as) || signal) next(spawn.function, onSignal || signal);
      return asked;
    };
    visit(modelOf(fn).body, tests);
    return found;
  }

  /** Which child of the same file a call starts. */
  private childOf(fn: ResolvedFunction, point: Point): Child | undefined {
    const operation = modelOf(fn).operations[point];
    const call = fn.calls.get(point);
    const api = call?.api?.name;
    if (operation.kind !== 'call' || api === undefined) return undefined;
    if (call?.spawns.some((spawn) => spawn.reloads)) {
      if (api === 'cluster.fork') return this.elsewhere ? undefined : 'cluster';
      return call.spawns.some((spawn) => spawn.reloads && spawn.as === 'worker') ? 'thread' : 'process';
    }
    if (!api.startsWith('child_process.') && !api.startsWith('worker_threads.')) return undefined;
    if (
      /^child_process\.(?:spawn|execFile)$/.test(api) &&
      this.runsItself(
        fn,
        operation.arguments.map(({ value }) => value),
      )
    )
      return 'process';
    const options = operation.arguments.find(({ name }) => name === 'execArgv')?.value;
    return options && this.preloads(fn, options) ? 'preloading' : undefined;
  }

  /** `spawn(process.execPath, [__filename])` */
  private runsItself(fn: ResolvedFunction, [program, list]: readonly Value[]): boolean {
    if (program?.kind !== 'place' || program.place.root.kind !== 'global' || list?.kind !== 'collection') return false;
    const name = [program.place.root.name, ...program.place.path].join('.');
    if (!/^process\.(?:execPath|argv0|argv\.0)$/.test(name)) return false;
    return list.items.slice(0, 3).some((item) => meansThisFile(this.facts.program.resolver, fn.module, fn.index, item));
  }

  /** `execArgv: ['--require', __filename]` */
  private preloads(fn: ResolvedFunction, options: Value): boolean {
    if (options.kind !== 'collection') return false;
    const { items } = options;
    return items.some(
      (item, index) =>
        item.kind === 'constant' &&
        /^(?:-r|--require|--import|--loader|--experimental-loader)$/.test(String(item.value)) &&
        items[index + 1] !== undefined &&
        meansThisFile(this.facts.program.resolver, fn.module, fn.index, items[index + 1]),
    );
  }

  private runsAnotherFile(fn: ResolvedFunction, point: Point, api: string | undefined): boolean {
    if (api !== 'cluster.setupPrimary' && api !== 'cluster.setupMaster') return false;
    const operation = modelOf(fn).operations[point];
    const exec = operation.kind === 'call' ? operation.arguments.find(({ name }) => name === 'exec')?.value : undefined;
    return exec !== undefined && !meansThisFile(this.facts.program.resolver, fn.module, fn.index, exec);
  }
}

function isExit(callee: Value): boolean {
  return callee.kind === 'place' && callee.place.root.kind === 'global' && callee.place.root.name === 'process' && callee.place.path.join() === 'exit';
}
