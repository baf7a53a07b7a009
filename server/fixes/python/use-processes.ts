// Use processes: a pool of processes computes in several at a time, where threads take turns.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, type PythonSource, replacement } from '../fix';
import { functionAround } from './blocks';
import { argumentsOf, callAt, methodCalled } from './calls';
import { functionNamed } from './functions';
import { importedMember } from './imports';
import { mentionsOf } from './names';

/** `ThreadPoolExecutor` becomes `ProcessPoolExecutor`, where all that it runs are functions of the module. */
export const useProcesses: Fix<'use-processes'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const pool = call && methodCalled(call)?.object;
  const body = call && functionAround(call);
  if (!at || !call || !body || pool?.kind !== Kind.identifier) return undefined;
  const { source } = at;
  const made = [...body.walk()].filter((node) => node.kind === Kind.call && namedBy(node) === pool.text);
  const callee = made.length === 1 ? made[0].child(Field.function) : undefined;
  if (
    !callee ||
    !/(?:^|\.)ThreadPoolExecutor$/.test(callee.text) ||
    !(argumentsOf(made[0]) ?? []).every(({ name }) => name === undefined || name === 'max_workers')
  )
    return undefined;
  const uses = mentionsOf(body, pool.text).filter(({ parent }) => parent?.kind !== Kind.asPatternTarget);
  if (!uses.every((use) => runsModuleFunction(use, source) || use.parent?.kind === Kind.assignment)) return undefined;
  const processes = importedMember(source, 'concurrent.futures', 'ProcessPoolExecutor');
  if (!processes) return undefined;
  const beside = processes.edits.length > 0 ? besideThreads(source) : undefined;
  const [name, edits] = beside ? ['ProcessPoolExecutor', [beside]] : [processes.name, processes.edits];
  return { title: 'Compute in processes instead of threads', edits: inFile(at.file, [...edits, replacement(callee, name)]) };
};

/** `pool` of `with ThreadPoolExecutor() as pool:` and `pool = ThreadPoolExecutor()`. */
function namedBy(call: PythonNode): string | undefined {
  const { parent } = call;
  if (parent?.kind === Kind.asPattern) return parent.children.find((each) => each.kind === Kind.asPatternTarget)?.text;
  return parent?.kind === Kind.assignment ? parent.child(Field.left)?.text : undefined;
}

/** `pool.map(f, …)`, `pool.submit(f, …)` of a function that another process finds, and `pool.shutdown()`. */
function runsModuleFunction(use: PythonNode, { tree }: PythonSource): boolean {
  const call = use.parent?.parent;
  const called = call && methodCalled(call);
  if (!call || called?.object !== use) return false;
  if (called.method.text === 'shutdown') return true;
  const work = argumentsOf(call)?.[0]?.value;
  return /^(?:map|submit)$/.test(called.method.text) && functionNamed(tree.root.children, work?.text) !== undefined;
}

/** The edit that imports it with `from concurrent.futures import ThreadPoolExecutor`, which takes its place where nobody else uses that. */
function besideThreads({ tree }: PythonSource) {
  const uses = mentionsOf(tree.root, 'ThreadPoolExecutor');
  for (const { parent } of uses) {
    if (parent?.kind !== Kind.dottedName || parent.parent?.kind !== Kind.importFrom || parent.parent.child(Field.moduleName)?.text !== 'concurrent.futures')
      continue;
    return replacement(parent, uses.length > 2 ? 'ProcessPoolExecutor, ThreadPoolExecutor' : 'ProcessPoolExecutor');
  }
  return undefined;
}
