// A child process is started and never waited for, so that it stays as a zombie after it has ended.
import { calledName } from '../model/calls';
import { MAIN } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Finding, Related } from './finding';
import type { Rule } from './rule';
import { isSingleton } from './shared/closing-methods';
import { endlessLoopOf } from './shared/endless-loops';
import { argumentOf, type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf, type ObjectLife } from './shared/object-life';

/** What collects a child that has ended, or at least asks after it. */
const REAPS = /^(?:wait|communicate|poll|join|is_alive|close|__exit__)$/;
const ASKS = /^(?:returncode|exitcode|sentinel)$/;
const ENDS = /^(?:terminate|kill|send_signal)$/;

export const childNeverReaped: Rule = {
  id: 'child-never-reaped',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: ['reap-child'],
  *check(file, facts) {
    for (const made of madeIn(file, facts, (api) => api === 'subprocess.Popen' || api === 'multiprocessing.Process')) {
      const life = lifeOf(facts, made.fn.key, made.point);
      if (life.escapes || life.entered || life.common) continue;
      if (life.uses.some((use) => REAPS.test(use.name)) || life.attributes.some((attribute) => ASKS.test(attribute.name) || attribute.name === 'pid')) continue;
      const finding = left(made, life, facts);
      if (finding) yield finding;
    }
  },
};

function left(made: MadeObject, life: ObjectLife, facts: Facts): Finding | undefined {
  const { fn } = made;
  const { roots } = facts.contextOf(fn.key);
  // At the end of the program the system, or multiprocessing itself, collects what is left.
  if (fn.index === 0 || roots.every((root) => root === MAIN) || reapsAll(fn.module.file, facts)) return undefined;
  const isPopen = made.api === 'subprocess.Popen';
  // What never ends needs no collecting.
  const [spawn] = fn.calls.get(made.point)?.spawns ?? [];
  if (spawn?.function !== undefined && endlessLoopOf(facts, spawn.function)) return undefined;
  if (!isPopen && (!life.uses.some((use) => use.name === 'start') || isDaemon(made, life))) return undefined;
  const ends = life.uses.filter((use) => ENDS.test(use.name));
  const field = life.cells.find((cell) => cell.owner !== undefined);
  if (field?.owner && isSingleton(field.owner, facts)) return undefined;
  // A program that is started and left to itself is often meant so.
  if (ends.length === 0 && (life.offered || (isPopen && (field === undefined || detached(made))))) return undefined;
  const { id, family } = childNeverReaped;
  const who = callOfKey(fn.key);
  const wait = isPopen ? 'wait()' : 'join()';
  return {
    rule: id,
    family,
    severity: ends.length > 0 && field !== undefined ? 'warning' : 'information',
    confidence: 0.6,
    site: { function: fn.key, point: made.point },
    message: `Nobody waits for this child process: ${who} starts it${field === undefined ? '' : ` and keeps it in ${nameOfKey(field.key)}`}${
      ends.length > 0 ? `, ${callOfKey(ends[0].site.function)} ends it with ${ends[0].name}()` : ''
    }, and nothing calls ${wait}. When it has ended it stays in the process table as a zombie, and its exit status${isPopen ? '' : ' and the exception it ended with'} goes unseen. Call ${wait}${ends.length > 0 ? ` after ${ends[0].name}()` : ' when it is done'}.`,
    related: [
      { site: { function: fn.key, point: made.point }, message: `${who} makes the child here` },
      ...ends
        .slice(0, 3)
        .map((use): Related => ({ site: use.site, message: `${callOfKey(use.site.function)} ends it here, and does not wait until it has ended` })),
    ],
    fixes: ends.length > 0 ? [{ kind: 'reap-child', site: ends[0].site, ends: ends.map((use) => use.site), wait: isPopen ? 'wait' : 'join' }] : [],
  };
}

function isDaemon(made: MadeObject, life: ObjectLife): boolean {
  const given = argumentOf(made.call, 'daemon');
  return given !== undefined || life.attributes.some((attribute) => attribute.name === 'daemon' && attribute.written);
}

/** Made to live on by itself. */
function detached(made: MadeObject): boolean {
  return made.call.arguments.some(
    (argument) => /^(?:start_new_session|creationflags|preexec_fn|process_group)$/.test(argument.name ?? '') || argument.spread === true,
  );
}

/** Collects all children at a time: `active_children()`, `os.waitpid(-1, …)`, a handler for SIGCHLD. */
function reapsAll(file: string, facts: Facts): boolean {
  return (facts.program.modules.get(file)?.functionKeys ?? []).some((key) => {
    const fn = facts.program.functions.get(key);
    return (
      fn &&
      modelOf(fn).operations.some(
        (operation) => operation.kind === 'call' && /(?:^|[.:)])(?:active_children|waitpid|wait3|wait4|waitid|wait_procs)$/.test(calledName(operation)),
      )
    );
  });
}
