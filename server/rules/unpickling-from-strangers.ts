// Bytes from a connection are unpickled without knowing who sent them, so that whoever can connect can run code here.
import { placeOf } from '../model/calls';
import type { Call } from '../model/operation';
import type { Value } from '../model/value';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding, Severity } from './finding';
import type { Rule } from './rule';
import { argumentOf, hasSpread } from './shared/made-objects';

const UNPICKLES = /^(?:pickle|cPickle|_pickle|dill|cloudpickle|marshal|joblib|shelve)\.(?:loads?|Unpickler)$/;
const RECEIVES = /^(?:recv|recvfrom|recv_into|recv_multipart|get_data|makefile|rfile|urlopen)$/;
const MANAGER = /^multiprocessing\.managers\.(?:Base|Sync)Manager$/;

export const unpicklingFromStrangers: Rule = {
  id: 'unpickling-from-strangers',
  family: 'advice',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        const found = operation.kind === 'call' ? judge(fn, operation, facts) : undefined;
        if (!found) continue;
        yield {
          rule: unpicklingFromStrangers.id,
          family: unpicklingFromStrangers.family,
          severity: found.severity,
          confidence: found.severity === 'warning' ? 0.8 : 0.5,
          site: { function: fn.key, point },
          message: `Whoever can connect can run code here: ${callOfKey(fn.key)} ${found.does}, and unpickling runs whatever the sender has put in. ${found.how}`,
          related: [],
          fixes: [],
        } satisfies Finding;
      }
    }
  },
};

function judge(fn: ResolvedFunction, call: Call, facts: Facts): { severity: Severity; does: string; how: string } | undefined {
  const { resolver } = facts.program;
  const callee = resolver.typeOf(fn.module, fn.index, call.callee);
  const bases =
    callee?.kind === 'api'
      ? [resolver.api(fn.module.language, callee.name)?.name ?? callee.name]
      : callee?.kind === 'class'
        ? resolver.libraryBases(callee.class)
        : [];
  const [name] = bases;
  if (name === undefined || hasSpread(call)) return undefined;
  if (UNPICKLES.test(name)) {
    return receives(fn, call.depends.concat(call.arguments.flatMap((argument) => argument.depends)))
      ? {
          severity: 'warning',
          does: 'unpickles what comes out of a connection',
          how: 'Send JSON or another format that is only data, or check a signature before unpickling.',
        }
      : undefined;
  }
  const isManager = bases.some((base) => MANAGER.test(base));
  if (!isManager && name !== 'multiprocessing.connection.Listener') return undefined;
  const address = argumentOf(call, 'address', 0);
  const open = isOpen(address);
  const authkey = argumentOf(call, 'authkey', isManager ? 1 : 3);
  const keyless = authkey === undefined || (authkey.kind === 'constant' && (authkey.value === null || authkey.value === ''));
  const how = 'Listen on localhost or a socket file, and give a random authkey that both sides know.';
  if (isManager) {
    // Without one the process's own random key is used.
    return open && authkey !== undefined && authkey.kind === 'constant'
      ? {
          severity: keyless ? 'warning' : 'information',
          does: `listens on every interface with ${keyless ? 'no key' : 'a key that stands in the source'}`,
          how,
        }
      : undefined;
  }
  if (!keyless || address === undefined || address.kind !== 'collection') return undefined;
  return { severity: open ? 'warning' : 'information', does: `listens on ${open ? 'every interface' : 'a port'} with no authkey`, how };
}

/** `('', 5000)`, `('0.0.0.0', 5000)`: reached from every network that the machine is in. */
function isOpen(address: Value | undefined): boolean {
  if (address?.kind !== 'collection') return false;
  const [host] = address.items;
  return host?.kind === 'constant' && (host.value === '' || host.value === '0.0.0.0' || host.value === '::');
}

/** Whether something rests on what a socket gave, within the function. */
function receives(fn: ResolvedFunction, depends: readonly number[]): boolean {
  const { operations } = modelOf(fn);
  const pending = [...depends];
  const seen = new Set<number>();
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (seen.has(number)) continue;
    seen.add(number);
    const operation = operations[number];
    const place = operation.kind === 'write' ? undefined : placeOf(operation);
    // What the library of processes sends to itself is not meant.
    const made = place?.root.kind === 'result' ? fn.calls.get(place.root.operation)?.api?.name : undefined;
    const known = `${fn.calls.get(number)?.api?.name ?? ''} ${made ?? ''}`;
    if (place && RECEIVES.test(place.path.at(-1) ?? '') && !/multiprocessing\./.test(known)) return true;
    if (place?.path.some((step) => step === 'rfile')) return true;
    pending.push(...operation.depends);
  }
  return false;
}
