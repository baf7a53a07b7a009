// A daemon thread writes out what others have put into its queue, and nobody waits for it, so that the end of the program drops the rest.
import { methodOf } from '../model/calls';
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, type FunctionKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import { loopAround } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calledBy, cellsChanged } from './shared/call-tree';
import { closingMethods } from './shared/closing-methods';
import { first, second } from './shared/interleavings';
import { ownerOf, type StartedWork, startedIn } from './shared/started-work';

const TAKES = /^queue\.(?:Simple)?Queue\.(?:get|get_nowait)$/;
const PUTS = /^queue\.(?:Simple)?Queue\.(?:put|put_nowait)$/;
const WAITS = /^queue\.Queue\.(?:join|shutdown)$/;
/** Methods that bring something out of the program. */
const WRITES_OUT =
  /^(?:write|writelines|writerow|writerows|send|sendall|sendmail|post|commit|execute|executemany|upload|publish|insert_many|insert_one|bulk_write|bulk|urlopen|put_object|put_item|save)$/;

export const daemonWorkLostAtExit: Rule = {
  id: 'daemon-work-lost-at-exit',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'information',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const work of startedIn(file, facts)) {
      const finding = work.kind === 'thread' && work.daemon === true ? lost(work, facts) : undefined;
      if (finding) yield finding;
    }
  },
};

function lost(work: StartedWork, facts: Facts): Finding | undefined {
  if (work.life.escapes || work.life.uses.some((use) => use.name === 'join' || use.name === 'is_alive') || fileOfKey(work.target) !== work.fn.module.file)
    return undefined;
  const tree = calledBy(facts, work.target);
  const taken = takesFrom(tree, facts);
  const out = taken && writesOut(tree, facts);
  if (!taken || !out) return undefined;
  const uses = facts.usesOf(taken.queue);
  // Somebody puts something in, and nobody waits until it is empty.
  const put = uses.find((use) => PUTS.test(use.api) && !tree.has(use.function));
  if (!put || uses.some((use) => WAITS.test(use.api) || (TAKES.test(use.api) && !tree.has(use.function))) || registersAtExit(work.fn.module.file, facts))
    return undefined;
  const owner = ownerOf(work, facts);
  const ends = owner === undefined ? [] : closingMethods(owner, facts).flatMap((key) => [...calledBy(facts, key)]);
  if (cellsChanged(facts, ends).has(taken.queue)) return undefined;
  const queue = nameOfKey(taken.queue);
  return {
    rule: daemonWorkLostAtExit.id,
    family: daemonWorkLostAtExit.family,
    severity: 'information',
    confidence: 0.55,
    site: { function: work.fn.key, point: work.point },
    message: `What is still in ${queue} is lost when the program ends: the thread that writes it out is a daemon, which Python stops in the middle of whatever it does, and nobody waits until ${queue} is empty. Send a sentinel and join the thread in a close method that atexit calls as well, or call ${queue}.join() before the end.`,
    related: [
      { site: { function: work.fn.key, point: work.point }, message: `${callOfKey(work.fn.key)} makes the daemon thread here` },
      { site: { function: put.function, point: put.point }, message: `${callOfKey(put.function)} puts work into ${queue} and goes on` },
      { site: taken.site, message: `${callOfKey(taken.site.function)} takes it out in the daemon thread …` },
      { site: out, message: `… and ${callOfKey(out.function)} writes it out here` },
    ],
    interleaving: {
      sides: ['the program', `daemon thread running ${callOfKey(work.target)}`],
      steps: [
        first({ function: work.fn.key, point: work.point }, 'makes the daemon thread'),
        first(put, `puts work into ${queue}, goes on, and ends`),
        second(taken.site, 'takes the work out'),
        second(out, 'is stopped before it has written this out'),
      ],
      harm: 'lost',
      outcome: `What was in ${queue}, or under way, is gone.`,
    },
    fixes: [],
  };
}

/** The queue that a thread takes its work from, round after round. */
function takesFrom(tree: ReadonlySet<FunctionKey>, facts: Facts): { queue: CellKey; site: Site } | undefined {
  for (const key of tree) {
    const fn = facts.program.functions.get(key);
    for (const use of facts.summaryOf(key)?.uses ?? [])
      if (fn && TAKES.test(use.api) && loopAround(modelOf(fn), use.point)) return { queue: use.cell.key, site: { function: key, point: use.point } };
  }
  return undefined;
}

function writesOut(tree: ReadonlySet<FunctionKey>, facts: Facts): Site | undefined {
  for (const key of tree) {
    const fn = facts.program.functions.get(key);
    if (!fn) continue;
    for (const [point, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind === 'call' && WRITES_OUT.test(methodOf(operation))) return { function: key, point };
    }
  }
  return undefined;
}

/** Whoever registers something for the end of the program has thought of it. */
function registersAtExit(file: string, facts: Facts): boolean {
  return (facts.program.modules.get(file)?.functionKeys ?? []).some((key) =>
    [...(facts.program.functions.get(key)?.calls.values() ?? [])].some((call) =>
      /^(?:atexit\.register|weakref\.finalize|signal\.signal)$/.test(call.api?.name ?? ''),
    ),
  );
}
