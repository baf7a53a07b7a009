// A block of shared memory is made and never unlinked, so that it stays when the program has ended.
import type { Facts } from '../summary/facts';
import { callOfKey, nameOfKey } from '../summary/keys';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { argumentOf, type MadeObject, madeIn } from './shared/made-objects';
import { lifeOf } from './shared/object-life';

export const sharedMemoryNeverUnlinked: Rule = {
  id: 'shared-memory-never-unlinked',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const made of madeIn(file, facts, isSharedMemory)) {
      const create = argumentOf(made.call, 'create', 1);
      if (create?.kind !== 'constant' || create.value !== true) continue;
      const life = lifeOf(facts, made.fn.key, made.point);
      if (life.escapes || life.uses.some((use) => use.name === 'unlink')) continue;
      yield finding(made, life.offered || unlinksByName(file, facts), life.cells[0]?.key);
    }
  },
};

/** Whoever opens the block by its name may unlink it as well. */
function unlinksByName(file: string, facts: Facts): boolean {
  for (const made of madeIn(file, facts, isSharedMemory)) {
    if (argumentOf(made.call, 'create', 1) === undefined && lifeOf(facts, made.fn.key, made.point).uses.some((use) => use.name === 'unlink')) return true;
  }
  return false;
}

function isSharedMemory(api: string): boolean {
  return api === 'multiprocessing.shared_memory.SharedMemory';
}

function finding(made: MadeObject, maybe: boolean, field: string | undefined): Finding {
  const { id, family } = sharedMemoryNeverUnlinked;
  return {
    rule: id,
    family,
    severity: maybe ? 'information' : 'warning',
    confidence: maybe ? 0.4 : 0.8,
    site: { function: made.fn.key, point: made.point },
    message: `This shared memory is never unlinked: ${callOfKey(made.fn.key)} makes the block${field === undefined ? '' : `, keeps it in ${nameOfKey(field)}`}, and nothing calls unlink() on it. close() gives back one process's view only; the block stays in memory until the machine restarts, or a resource tracker removes it with a warning, perhaps under the feet of others. Call close() in every process and unlink() once, by its owner, in a finally.`,
    related: [{ site: { function: made.fn.key, point: made.point }, message: `${callOfKey(made.fn.key)} makes the block with create=True, so it owns it` }],
    fixes: [],
  };
}
