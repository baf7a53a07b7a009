// Process events: in which order a function starts processes, waits for them, and reads what they send, through its calls.
import { calledName, methodOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import { resultOf, type Value } from '../../model/value';
import { cellOf, receiverOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { type FunctionKey, fileOfKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing, loopAround, pointsIn } from '../../summary/structure';
import { isFromManager, isPipeEnd, type ProcessSite, processSites } from './process-sites';

/** A queue or pipe, as one function knows it: made by an operation, handed in, or in a place that all see. */
export type ChannelId = string;

export interface ProcessEvent {
  /** `spawn`: a process is made that puts something into `channels`; `put` and `get` are of this process. */
  readonly kind: 'spawn' | 'join' | 'put' | 'get';
  readonly channels: ReadonlySet<ChannelId>;
  /** The operation of the function asked about; calls are taken apart. */
  readonly point: number;
  /** The join gives up after a time. */
  readonly limited?: boolean;
}

const DEPTH = 4;
const NONE: ReadonlySet<ChannelId> = new Set();
const QUEUE = /^multiprocessing\.(?:Queue|SimpleQueue|JoinableQueue)$/;
const PUT = /^(?:put|put_nowait|send)$/;
const GET = /^(?:get|get_nowait|recv)$/;

/** Tells the events of a file's functions. */
export class ProcessEvents {
  private readonly sites = new Map<FunctionKey, Map<number, ProcessSite>>();
  private readonly active = new Set<FunctionKey>();

  constructor(
    private readonly facts: Facts,
    private readonly file: string,
  ) {
    for (const site of processSites(facts, file)) {
      if (site.kind !== 'process') continue;
      const known = this.sites.get(site.fn.key) ?? new Map<number, ProcessSite>();
      this.sites.set(site.fn.key, known.set(site.point, site));
    }
  }

  of(fn: ResolvedFunction, depth = DEPTH): readonly ProcessEvent[] {
    if (depth <= 0 || this.active.has(fn.key) || fileOfKey(fn.key) !== this.file) return [];
    this.active.add(fn.key);
    const events = modelOf(fn).operations.flatMap((operation, point): ProcessEvent[] => {
      if (operation.kind === 'call') return this.ofCall(fn, point, operation, depth);
      // `iter(results.get, None)` reads the method and has it called.
      if (operation.kind === 'read' && GET.test(operation.place.path.at(-1) ?? '')) {
        const channel = this.channelOf(fn, receiverOf({ kind: 'place', place: operation.place }));
        return channel === undefined ? [] : [{ kind: 'get', channels: new Set([channel]), point }];
      }
      return [];
    });
    this.active.delete(fn.key);
    return events;
  }

  private ofCall(fn: ResolvedFunction, point: number, call: Call, depth: number): ProcessEvent[] {
    const resolved = fn.calls.get(point);
    const site = this.sites.get(fn.key)?.get(point);
    if (site) return [{ kind: 'spawn', channels: this.filledBy(site, depth), point }];
    const child = this.subclassOf(fn, call);
    if (child) return [{ kind: 'spawn', channels: this.filledByInstance(fn, call, child, depth), point }];
    const name = methodOf(call);
    const api = resolved?.api?.name ?? '';
    if (api === 'multiprocessing.Process.join' || (api === '' && resolved?.joins && name === 'join' && resolved.targets.length === 0))
      return isLook(fn, point, call) ? [] : [{ kind: 'join', channels: NONE, point, limited: call.arguments.length > 0 }];
    const iterated = call.arguments.flatMap(({ value }) => {
      const channel = value.kind === 'place' && GET.test(value.place.path.at(-1) ?? '') ? this.channelOf(fn, receiverOf(value)) : undefined;
      return channel === undefined ? [] : [channel];
    });
    if (iterated.length > 0) return [{ kind: 'get', channels: new Set(iterated), point }];
    if (PUT.test(name) || GET.test(name)) {
      const channel = this.channelOf(fn, receiverOf(call.callee));
      if (channel !== undefined) return [{ kind: PUT.test(name) ? 'put' : 'get', channels: new Set([channel]), point }];
    }
    return (resolved?.targets ?? []).slice(0, 1).flatMap((key) => this.inlined(fn, point, call, key, depth));
  }

  /** What a called function does, in the caller's words. */
  private inlined(fn: ResolvedFunction, point: number, call: Call, key: FunctionKey, depth: number): ProcessEvent[] {
    const target = this.facts.program.functions.get(key);
    if (!target) return [];
    const given = (parameter: number): Value | undefined => {
      const model = modelOf(target);
      const position = parameter - (model.kind === 'method' || model.kind === 'constructor' || model.kind === 'class-method' ? 1 : 0);
      const named = call.arguments.find(({ name }) => name === model.parameters[parameter]?.name);
      const positional = call.arguments[position];
      return named?.value ?? (positional?.name === undefined && !positional?.spread ? positional?.value : undefined);
    };
    return this.of(target, depth - 1).map((event) => ({ ...event, point, channels: this.translate(fn, event.channels, given) }));
  }

  private translate(fn: ResolvedFunction, channels: ReadonlySet<ChannelId>, given: (parameter: number) => Value | undefined): ReadonlySet<ChannelId> {
    const found = new Set<ChannelId>();
    for (const channel of channels) {
      const parameter = /^parameter:(\d+)$/.exec(channel);
      const id = parameter ? this.channelOf(fn, given(Number(parameter[1]))) : channel.startsWith('local:') ? undefined : channel;
      if (id !== undefined) found.add(id);
    }
    return found;
  }

  /** The channels that what a process runs puts something into. */
  private filledBy(site: ProcessSite, depth: number): ReadonlySet<ChannelId> {
    const found = new Set<ChannelId>();
    for (const key of site.targets) {
      const target = this.facts.program.functions.get(key);
      if (!target) continue;
      const shift = modelOf(target).kind === 'method' ? 1 : 0;
      const given = (parameter: number) => {
        const name = modelOf(target).parameters[parameter]?.name;
        return site.handed.find((handed) => handed.parameter === parameter - shift || (handed.name !== undefined && handed.name === name))?.value;
      };
      const puts = this.of(target, depth - 1).filter((event) => event.kind === 'put');
      for (const { channels } of puts) for (const channel of this.translate(site.fn, channels, given)) found.add(channel);
      // `args=(results,) + rest`: what flows into it counts where the function puts something into any of its parameters.
      if (site.handed.length === 0 && puts.some(({ channels }) => [...channels].some((channel) => channel.startsWith('parameter:'))))
        for (const channel of this.flowing(site)) found.add(channel);
    }
    // What a function does that is not known may be anything with what it is handed.
    if (site.targets.length === 0) for (const { value } of site.handed) found.add(this.channelOf(site.fn, value) ?? '');
    found.delete('');
    return found;
  }

  /** The channels among what flows into a call's arguments. */
  private flowing(site: ProcessSite): ChannelId[] {
    return site.call.arguments
      .flatMap((argument) => argument.depends)
      .flatMap((operation) => this.channelOf(site.fn, { kind: 'place', place: { root: { kind: 'result', operation }, path: [] } }) ?? []);
  }

  private subclassOf(fn: ResolvedFunction, call: Call): string | undefined {
    const { resolver } = this.facts.program;
    const type = resolver.typeOf(fn.module, fn.index, call.callee);
    return type?.kind === 'class' && resolver.libraryBases(type.class).includes('multiprocessing.Process') ? type.class : undefined;
  }

  /** The channels that `run` of a Process subclass fills, by the fields that its constructor puts its arguments into. */
  private filledByInstance(fn: ResolvedFunction, call: Call, key: string, depth: number): ReadonlySet<ChannelId> {
    const { resolver, functions } = this.facts.program;
    const run = functions.get(resolver.method(key, 'run') ?? '');
    const made = functions.get(resolver.method(key, '__init__') ?? '');
    const found = new Set<ChannelId>();
    for (const event of run ? this.of(run, depth - 1) : []) if (event.kind === 'put') for (const channel of event.channels) found.add(channel);
    if (!made) return found;
    for (const [number, operation] of modelOf(made).operations.entries()) {
      if (operation.kind !== 'write' || operation.value.kind !== 'place' || operation.value.place.root.kind !== 'parameter') continue;
      const cell = made.cells.get(number);
      if (!cell || !found.has(cell.key)) continue;
      const { index } = operation.value.place.root;
      const named = call.arguments.find(({ name }) => name === modelOf(made).parameters[index]?.name) ?? call.arguments[index - 1];
      const channel = named && this.channelOf(fn, named.value);
      if (channel !== undefined) found.add(channel);
    }
    return found;
  }

  /** The channel that a value of a function is; undefined for what is none, and for queues that a manager keeps. */
  private channelOf(fn: ResolvedFunction, value: Value | undefined): ChannelId | undefined {
    if (value?.kind !== 'place') return undefined;
    const { root, path } = value.place;
    if (isPipeEnd(fn, value) && root.kind === 'result') return `local:${root.operation}`;
    const type = this.facts.program.resolver.typeOf(fn.module, fn.index, value);
    if (type?.kind === 'library' && !QUEUE.test(type.name) && type.name !== 'multiprocessing.connection.Connection') return undefined;
    if (isFromManager(this.facts, fn, value)) return undefined;
    if (root.kind === 'parameter' && path.length === 0) return `parameter:${root.index}`;
    if (type === undefined && root.kind !== 'receiver') return undefined;
    const made = resultOf(value);
    if (made !== undefined) return `local:${made}`;
    if (path.includes(ELEMENT)) return undefined;
    return cellOf(this.facts.program.resolver, fn.module, fn.index, value.place)?.key;
  }
}

/** `join(0.2)` in a loop that also ends otherwise than with the process is a pause. */
function isLook(fn: ResolvedFunction, point: number, call: Call): boolean {
  const model = modelOf(fn);
  const loop = call.arguments.length > 0 ? loopAround(model, point) : undefined;
  if (!loop) return false;
  const asksForEnd = (test: number) => {
    const operation = model.operations[test];
    const name = operation?.kind === 'call' ? calledName(operation) : operation?.kind === 'read' ? operation.place.path.at(-1) : undefined;
    return /^(?:is_alive|exitcode)$/.test(name ?? '');
  };
  return pointsIn(model, loop.body).some((other) => {
    if (!/^(?:break|return)$/.test(model.operations[other]?.kind ?? '')) return false;
    const branch = enclosing(model)
      .get(other)
      ?.find((outer) => outer.kind === 'branch');
    return branch?.kind === 'branch' && !branch.step.test.some(asksForEnd);
  });
}
