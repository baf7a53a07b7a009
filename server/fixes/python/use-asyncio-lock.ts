// Use asyncio's lock: a lock that only coroutines take becomes one for tasks, which wait for it without stopping the event loop.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, type PythonSource, replacement } from '../fix';
import { hasSeveralLoops, isOfAnotherLoop } from './coroutine-calls';
import { importedMember } from './imports';
import { mentionsOf } from './names';
import { heldBy } from './with-statements';

/** `with self._lock:` → `async with self._lock:` everywhere, and `threading.Lock()` → `asyncio.Lock()` where it is made. */
export const useAsyncioLock: Fix<'use-asyncio-lock'> = ({ site, uses }, context) => {
  const at = context.pythonAt(site);
  const name = at && /\w+$/.exec(at.source.text.slice(at.span.start, at.span.end))?.[0];
  const maker = at && importedMember(at.source, 'asyncio', 'Lock');
  if (!at || name === undefined || !maker || isOfAnotherLoop(at.source) || hasSeveralLoops(at.source)) return undefined;
  const steps = uses.map((use) => {
    const place = context.pythonAt(use);
    return place?.file === at.file ? withAlone(place.node) : undefined;
  });
  const made = makerOf(at.source, name);
  const mentions = mentionsOf(at.source.tree.root, name);
  // Each mention is known: one where it is made, and one in each with statement.
  if (!made || mentions.length !== steps.length + 1 || steps.includes(undefined)) return undefined;
  return {
    title: `Make ${name} a lock of asyncio, and take it with async with`,
    edits: inFile(at.file, [...maker.edits, replacement(made, maker.name), ...steps.map((step) => insertion(step!.start, 'async '))]),
  };
};

/** The with statement that enters what a node is, and nothing else. */
function withAlone(node: PythonNode): PythonNode | undefined {
  const step = node.closest(Kind.withStatement);
  const held = step && heldBy(step);
  return held && !step.isAsync && held.start === node.start && held.end === node.end ? step : undefined;
}

/** `threading.Lock` of the only assignment to a name, in which it stands without a type. */
function makerOf({ tree }: PythonSource, name: string): PythonNode | undefined {
  for (const node of tree.root.walk()) {
    if (node.kind !== Kind.assignment || !new RegExp(`^(?:self\\.)?${name}$`).test(node.child(Field.left)?.text ?? '')) continue;
    const value = node.child(Field.right);
    const isPlain = value?.kind === Kind.call && node.child(Field.type) === undefined && value.child(Field.arguments)?.children.length === 0;
    return isPlain ? value.child(Field.function) : undefined;
  }
  return undefined;
}
