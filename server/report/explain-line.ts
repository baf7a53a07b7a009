// Explaining a line: everything the analysis knows of it, as plain text.
import { describeRoot } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { locate } from '../summary/locate';
import type { SourceText } from './source-text';

/** What is known of a line (from 0): the function, its roots and entry lockset, and each access, lock, call and start on it. */
export function explainLine(facts: Facts, file: string, line: number, source: SourceText): string {
  const module = facts.program.modules.get(file);
  if (!module) return 'This file is not part of the analysis.';
  const span = source.lines.lineSpan(line);
  let key: FunctionKey = module.functionKeys[0];
  let size = Number.POSITIVE_INFINITY;
  module.module.functions.forEach((fn, index) => {
    const length = fn.span.end - fn.span.start;
    if (index > 0 && fn.span.start <= span.end && fn.span.end >= span.start && length < size) {
      key = module.functionKeys[index];
      size = length;
    }
  });
  const context = facts.contextOf(key);
  const out = [`${callOfKey(key)}`, `  run by: ${context.roots.map(describeRoot).join(', ') || 'nothing that the analysis knows of'}`];
  if (context.entry && context.entry.length > 0) out.push(`  always entered holding: ${context.entry.map(nameOfKey).join(', ')}`);
  const summary = facts.summaryOf(key);
  const here = (point: number) => {
    const at = locate(facts.program, { function: key, point });
    return (
      at.span.start <= span.end &&
      at.span.end >= span.start &&
      source.lines.positionAt(at.span.start).line <= line &&
      source.lines.positionAt(at.span.end).line >= line
    );
  };
  for (const access of summary?.accesses.filter(({ point }) => here(point)) ?? []) {
    const guards = [...facts.guardsOf({ ...access, function: key })].map(nameOfKey);
    out.push(
      `  ${access.update ? 'reads and writes' : access.write ? 'writes' : 'reads'} ${nameOfKey(access.cell.key)}${access.owned ? ' (being constructed)' : ''}, holding ${guards.join(', ') || 'no lock'}`,
    );
    const others = facts.accessesOf(access.cell.key).filter((other) => !other.owned && other.function !== key);
    for (const other of others.slice(0, 8))
      out.push(
        `    also ${other.write ? 'written' : 'read'} by ${callOfKey(other.function)}, holding ${[...facts.guardsOf(other)].map(nameOfKey).join(', ') || 'no lock'}`,
      );
  }
  for (const { lock, held, point } of summary?.acquisitions ?? [])
    if (here(point))
      out.push(
        `  takes ${nameOfKey(lock.key)} (${lock.type ?? 'unknown kind'}), holding ${held.map((other) => nameOfKey(other.lock)).join(', ') || 'no other lock'}`,
      );
  for (const call of summary?.calls ?? []) {
    if (!here(call.point)) continue;
    const may = [...(facts.summaryOf(call.target)?.mayAcquire.keys() ?? [])].map(nameOfKey);
    out.push(`  calls ${callOfKey(call.target)}${may.length > 0 ? `, which may wait for ${may.join(', ')}` : ''}`);
  }
  for (const spawn of summary?.spawns ?? [])
    if (here(spawn.point))
      out.push(`  starts a ${spawn.as}${spawn.function ? ` running ${callOfKey(spawn.function)}` : ''}${spawn.many ? ', several at a time' : ''}`);
  return out.join('\n');
}
