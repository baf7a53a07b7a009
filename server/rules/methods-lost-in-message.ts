// An instance of a class is sent to another thread, where its methods are called: a clone has its fields, but not its class.
import { ELEMENT } from '../model/place';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { type ClassKey, type FunctionKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { declaredAs } from './shared/declared-shapes';
import { type MessageSite, messageSites, sendsMessages } from './shared/message-sites';

export const methodsLostInMessage: Rule = {
  id: 'methods-lost-in-message',
  family: 'non-cloneable',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: sendsMessages,
  fixes: [],
  *check(file, facts) {
    const sites = messageSites(file, facts);
    for (const site of sites) {
      const lost = site.by === 'structuredClone' ? calledOnCopy(site, facts) : undefined;
      if (lost) yield copyFinding(site, lost.key, lost.point, lost.method);
    }
    const uses = sites.length > 0 ? receivedCalls(file, facts) : [];
    if (uses.length === 0) return;
    for (const site of sites) {
      for (const { value } of site.values) {
        const sent = instancesIn(site, value, facts);
        const lost = sent.flatMap(({ path, class: key }) => {
          const use = uses.find((each) => each.path.join('.') === path.join('.') && facts.program.resolver.method(key, each.method) !== undefined);
          return use ? [{ key, use }] : [];
        })[0];
        if (lost) yield findingOf(site, lost.key, lost.use);
      }
    }
  },
};

/** `structuredClone(user).fullName()`: the first method of the class that the function calls on the copy it has made. */
function calledOnCopy(site: MessageSite, facts: Facts): { readonly key: ClassKey; readonly point: number; readonly method: string } | undefined {
  const { fn } = site;
  const [sent] = site.values.flatMap(({ value }) => instancesIn(site, value, facts));
  if (!sent || sent.path.length > 0) return undefined;
  for (const [point, operation] of modelOf(fn).operations.entries()) {
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') continue;
    const { root, path } = operation.callee.place;
    if (root.kind !== 'result' || root.operation !== site.point || path.length !== 1) continue;
    if (facts.program.resolver.method(sent.class, path[0]) !== undefined) return { key: sent.class, point, method: path[0] };
  }
  return undefined;
}

/** A method that is called on something that has come in a message, and the names that lead to that. */
interface ReceivedCall {
  readonly path: readonly string[];
  readonly method: string;
  readonly site: Site;
}

/** The instances of classes of the workspace in a message, with the names that lead to them. */
function instancesIn(site: MessageSite, value: Value, facts: Facts): { path: readonly string[]; class: ClassKey }[] {
  const { fn } = site;
  if (value.kind === 'collection')
    return value.items.flatMap((item, i) => {
      const name = value.names?.[i];
      return name ? instancesIn(site, item, facts).map((each) => ({ ...each, path: [name, ...each.path] })) : [];
    });
  if (value.kind !== 'place') return [];
  const { resolver } = facts.program;
  const declared = declaredAs(facts, fn.module, fn.index, value);
  const type = resolver.typeOf(fn.module, fn.index, value) ?? (declared && resolver.instanceOf(declared.module, declared.reference));
  return type?.kind === 'instance' ? [{ path: [], class: type.class }] : [];
}

/** The methods that the listeners for messages of a file, and what they hand a message to, call on parts of it. */
function receivedCalls(file: string, facts: Facts): ReceivedCall[] {
  const found: ReceivedCall[] = [];
  const seen = new Set<string>();
  const visit = (key: FunctionKey, parameter: number, prefix: readonly string[], depth: number): void => {
    const fn = facts.program.functions.get(key);
    const memory = `${key} ${parameter} ${prefix.join('.')}`;
    if (!fn || depth === 0 || fileOfKey(key) !== file || seen.has(memory)) return;
    seen.add(memory);
    modelOf(fn).operations.forEach((operation, point) => {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place') return;
      const { root, path } = operation.callee.place;
      if (root.kind === 'parameter' && root.index === parameter && path.length > 0 && !path.includes(ELEMENT)) {
        const whole = withoutData([...prefix, ...path.slice(0, -1)]);
        found.push({ path: whole, method: path.at(-1)!, site: { function: key, point } });
      }
      operation.arguments.forEach(({ value, name }, position) => {
        if (name !== undefined || value.kind !== 'place' || value.place.root.kind !== 'parameter' || value.place.root.index !== parameter) return;
        for (const target of fn.calls.get(point)?.targets ?? []) visit(target, position, [...prefix, ...value.place.path], depth - 1);
        for (const spawn of fn.calls.get(point)?.spawns ?? [])
          if (spawn.function !== undefined) visit(spawn.function, position, [...prefix, ...value.place.path], depth - 1);
      });
    });
  };
  for (const fn of facts.functionsIn(file)) for (const key of listenersIn(fn)) visit(key, 0, [], 4);
  return found;
}

/** The data of an event is the message itself. */
function withoutData(path: readonly string[]): readonly string[] {
  return path[0] === 'data' ? path.slice(1) : path;
}

/** Functions that are given as listeners for messages. */
function listenersIn(fn: ResolvedFunction): FunctionKey[] {
  return modelOf(fn).operations.flatMap((operation, point): FunctionKey[] => {
    if (operation.kind === 'write') {
      const last = operation.place.path.at(-1) ?? (operation.place.root.kind === 'global' ? operation.place.root.name : '');
      return last === 'onmessage' ? functionsIn(fn, operation.value) : [];
    }
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') return [];
    const name = operation.callee.place.path.at(-1) ?? (operation.callee.place.root.kind === 'global' ? operation.callee.place.root.name : '');
    const [first, second] = operation.arguments;
    if (!/^(?:on|once|addListener|addEventListener)$/.test(name) || first?.value.kind !== 'constant' || first.value.value !== 'message' || !second) return [];
    const spawned = (fn.calls.get(point)?.spawns ?? []).flatMap((spawn) => spawn.function ?? []);
    return [...spawned, ...functionsIn(fn, second.value)];
  });
}

function functionsIn(fn: ResolvedFunction, value: Value): FunctionKey[] {
  if (value.kind === 'function') return [fn.module.functionKeys[value.function]];
  if (value.kind !== 'place' || value.place.root.kind !== 'module' || value.place.path.length > 0) return [];
  const binding = fn.module.bindings[value.place.root.name];
  return binding?.kind === 'function' ? [fn.module.functionKeys[binding.function]] : [];
}

function findingOf(site: MessageSite, key: ClassKey, use: ReceivedCall): Finding {
  const at = { function: site.fn.key, point: site.point };
  const name = nameOfKey(key);
  const part = use.path.length === 0 ? 'the message' : use.path.join('.');
  return {
    rule: methodsLostInMessage.id,
    family: methodsLostInMessage.family,
    severity: 'warning',
    confidence: 0.85,
    site: at,
    message: `This sends an instance of ${name}, and the other side calls ${use.method}() on it: a clone has the fields of the object, but no class, so that ${part}.${use.method} is not a function there. Send the plain fields, and make a ${name} of them where the message arrives.`,
    related: [
      { site: at, message: `An instance of ${name} is sent here, as ${part}` },
      { site: use.site, message: `${use.method}() is called on what has arrived` },
    ],
    fixes: [],
  };
}

function copyFinding(site: MessageSite, key: ClassKey, point: number, method: string): Finding {
  const at = { function: site.fn.key, point };
  const name = nameOfKey(key);
  return {
    rule: methodsLostInMessage.id,
    family: methodsLostInMessage.family,
    severity: 'warning',
    confidence: 0.9,
    site: at,
    message: `This calls ${method}() on a structured clone of an instance of ${name}: a clone has the fields of the object, but no class, so that ${method} is not a function. Make an instance of the clone's fields, or give the class a method that copies.`,
    related: [
      { site: { function: site.fn.key, point: site.point }, message: `An instance of ${name} is cloned here` },
      { site: at, message: `${method}() is called on the clone` },
    ],
    fixes: [],
  };
}
