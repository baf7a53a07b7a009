// A thread is made a daemon after it has been started, which raises RuntimeError.
import { placeOf } from '../model/calls';
import { type Place, printPlace } from '../model/place';
import type { Facts } from '../summary/facts';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { enclosing } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { isStartable, wordFor } from './shared/startables';

export const daemonSetAfterStart: Rule = {
  id: 'daemon-set-after-start',
  family: 'thread-misuse',
  languages: ['python'],
  severity: 'error',
  subject: 'function',
  when: calling('daemon', 'setDaemon'),
  fixes: ['set-daemon-first'],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      const place = operation.kind === 'read' ? undefined : placeOf(operation);
      if (!place || place.path.at(-1) !== (operation.kind === 'write' ? 'daemon' : 'setDaemon')) continue;
      const object: Place = { root: place.root, path: place.path.slice(0, -1) };
      const api = startableAt(fn, object, facts);
      const start = api === undefined ? undefined : startedBefore(fn, number, object);
      if (api === undefined || start === undefined) continue;
      const word = wordFor(api);
      const finding: Finding = {
        rule: daemonSetAfterStart.id,
        family: daemonSetAfterStart.family,
        severity: daemonSetAfterStart.severity,
        confidence: 0.95,
        site: { function: key, point: number },
        message: `It is too late to make the ${word} a daemon: it has been started, and to set daemon now raises ${word === 'process' ? 'AssertionError' : 'RuntimeError'}. Set it before start(), or give daemon=True when the ${word} is made.`,
        related: [
          { site: { function: key, point: start }, message: `The ${word} is started here` },
          { site: { function: key, point: number }, message: 'daemon is set here, afterwards' },
        ],
        fixes: [{ kind: 'set-daemon-first', site: { function: key, point: number }, start: { function: key, point: start } }],
      };
      yield finding;
    }
  },
};

function startableAt(fn: ResolvedFunction, object: Place, facts: Facts): string | undefined {
  if (object.root.kind === 'receiver' && object.path.length === 0) return undefined;
  const { resolver } = facts.program;
  const type = resolver.typeOfPlace(fn.module, fn.index, object);
  if (type?.kind === 'library') return isStartable(type.name) ? type.name : undefined;
  if (type?.kind !== 'instance') return undefined;
  return resolver
    .libraryBases(type.class)
    .map((base) => resolver.api(fn.module.language, base)?.name ?? base)
    .find(isStartable);
}

/** A start of the same object that always comes first. */
function startedBefore(fn: ResolvedFunction, number: number, object: Place): number | undefined {
  const model = modelOf(fn);
  const printed = printPlace(object);
  const around = enclosing(model);
  for (let before = number - 1; before >= 0; before--) {
    const operation = model.operations[before];
    // Another object may stand there since.
    if (operation.kind === 'write' && printPlace(operation.place) === printed) return undefined;
    if (operation.kind !== 'call' || operation.callee.kind !== 'place') continue;
    const { root, path } = operation.callee.place;
    if (path.at(-1) !== 'start' || printPlace({ root, path: path.slice(0, -1) }) !== printed) continue;
    const outer = around.get(number) ?? [];
    return (around.get(before) ?? []).every((step) => outer.some((other) => other.step === step.step)) ? before : undefined;
  }
  return undefined;
}
