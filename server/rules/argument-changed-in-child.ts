// A child process fills a list or dictionary that it was handed as an argument: it fills its own copy, and nobody sees it.
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { first, second } from './shared/interleavings';
import { parentAndChild } from './shared/process-interleavings';
import { isPlain } from './shared/process-memory';
import { type ProcessSite, processSites } from './shared/process-sites';

export const argumentChangedInChild: Rule = {
  id: 'argument-changed-in-child',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    const told = new Set<string>();
    for (const site of processSites(facts, file)) {
      if (site.kind !== 'process' && site.kind !== 'job') continue;
      for (const key of site.targets) {
        for (const { value, parameter, name } of site.handed) {
          if (!isContainer(facts, site, value)) continue;
          const position = positionOf(facts, key, parameter, name);
          const change = position < 0 ? undefined : changeOf(facts, key, position);
          if (change === undefined || told.has(`${key}:${change}`)) continue;
          told.add(`${key}:${change}`);
          yield findingOf(facts, site, key, change, modelOf(facts.program.functions.get(key)!).parameters[position].name);
        }
      }
    }
  },
};

/** A list, dictionary or set of this process. */
function isContainer(facts: Facts, site: ProcessSite, value: Value): boolean {
  if (value.kind === 'collection') return value.type !== 'tuple';
  return value.kind === 'place' && isPlain(facts, site.fn.module, site.fn.index, value, 0);
}

function positionOf(facts: Facts, key: FunctionKey, parameter: number | undefined, name: string | undefined): number {
  const fn = facts.program.functions.get(key);
  if (!fn) return -1;
  const { parameters, kind } = modelOf(fn);
  const position =
    name === undefined ? (parameter ?? -1) + (kind === 'method' || kind === 'class-method' ? 1 : 0) : parameters.findIndex((each) => each.name === name);
  return parameters[position]?.rest === undefined ? position : -1;
}

const CHANGES = /^(?:append|extend|insert|add|update|setdefault|appendleft|extendleft|__setitem__)$/;

/** The first change of a parameter's contents in a function that does nothing else with it, so that it must be meant for others. */
function changeOf(facts: Facts, key: FunctionKey, position: number): number | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn) return undefined;
  let change: number | undefined;
  const mentions = (value: Value): boolean =>
    (value.kind === 'place' && value.place.root.kind === 'parameter' && value.place.root.index === position) ||
    (value.kind === 'collection' && value.items.some(mentions));
  const { operations } = modelOf(fn);
  for (const [point, operation] of operations.entries()) {
    switch (operation.kind) {
      case 'call': {
        if (operation.arguments.some(({ value }) => mentions(value))) return undefined;
        if (!mentions(operation.callee) || operation.callee.kind !== 'place') break;
        const { path } = operation.callee.place;
        // What it asks for, it asks for itself: then it may be a work list, or a memory of its own.
        if (path.length !== 1 || !CHANGES.test(path[0])) return undefined;
        if (operation.outcome !== 'dropped') return undefined;
        change ??= point;
        break;
      }
      case 'write':
        if (mentions(operation.value)) return undefined;
        if (!mentions({ kind: 'place', place: operation.place })) break;
        if (operation.place.path.length === 0) return undefined;
        change ??= point;
        break;
      case 'return':
      case 'yield':
      case 'await':
        if (mentions(operation.value)) return undefined;
        break;
      case 'read':
        // A part that is read to be written again (`counts[word] += 1`) is no use of its own.
        if (mentions({ kind: 'place', place: operation.place }) && !isForUpdate(operations, point)) return undefined;
        break;
    }
  }
  return change;
}

function isForUpdate(operations: ReturnType<typeof modelOf>['operations'], read: number): boolean {
  const users = operations.filter((operation) => operation.depends.includes(read));
  return (
    users.length > 0 &&
    users.every((operation) => operation.kind === 'write' && JSON.stringify(operation.place) === JSON.stringify((operations[read] as { place: unknown }).place))
  );
}

function findingOf(facts: Facts, site: ProcessSite, key: FunctionKey, change: number, name: string): Finding {
  const start = { function: site.fn.key, point: site.point };
  const here = { function: key, point: change };
  const inFile = facts.program.functions.get(key)?.module.file === site.fn.module.file;
  return {
    rule: argumentChangedInChild.id,
    family: argumentChangedInChild.family,
    severity: argumentChangedInChild.severity,
    confidence: 0.85,
    site: inFile ? here : start,
    message: `This change is lost with the child process: ${callOfKey(key)} puts something into ${name}, does nothing else with it, and runs in a process of its own, which gets a copy of its arguments. Whoever handed it over sees it unchanged. Send the results back (return them from a job, put them into a multiprocessing queue), or hand over a list or dict of a multiprocessing Manager.`,
    related: [
      { site: start, message: 'Parent: hands its container to the child, which gets a copy' },
      { site: here, message: 'Child: changes the copy' },
    ],
    fixes: [],
    interleaving: {
      sides: parentAndChild(key),
      steps: [first(start, `hands over what the child knows as ${name}, which is copied`), second(here, `puts something into ${name}, its own copy`)],
      harm: 'lost',
      outcome: 'The copy is gone with the child, and the parent sees its own unchanged.',
    },
  };
}
