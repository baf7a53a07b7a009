// A connection that was opened before the fork is used by several processes: they talk over each other on one socket or file.
import { calledName } from '../model/calls';
import type { Facts, FunctionUse } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import type { Finding, Interleaving, Related } from './finding';
import type { Rule } from './rule';
import { isInProcess } from './shared/conditions';
import { first, type Sides, second } from './shared/interleavings';
import { copiedBy, valuesOf } from './shared/process-memory';
import { runsInProcess, runsInSeveral, sideOf } from './shared/process-sides';
import { processSites } from './shared/process-sites';
import { resetsAtFork, startMethodOfClass } from './shared/start-method';

export const connectionUsedAfterFork: Rule = {
  id: 'connection-used-after-fork',
  family: 'fork-hazard',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isInProcess,
  fixes: [],
  *check(cell, facts) {
    const reached = [...facts.accessesOf(cell), ...facts.usesOf(cell)].some((use) => runsInProcess(facts, use.function));
    const module = reached ? facts.program.modules.get(fileOfKey(cell)) : undefined;
    if (!module || resetsAtFork(module)) return;
    const lazy = madeBeforeFork(facts, cell);
    if (lazy) {
      yield lazy;
      return;
    }
    const uses = facts.usesOf(cell).filter((use) => !use.cell.element);
    const kind = uses.length === 0 ? undefined : kindOf(facts, cell);
    if (kind === undefined) return;
    const writes = facts.accessesOf(cell).filter((access) => access.write);
    // Who opens it again in the child, or throws the inherited ones away there, has thought of it.
    if (writes.some((access) => ['child', 'both'].includes(sideOf(facts, access.function)))) return;
    if (uses.some((use) => /\.(?:dispose|close)$/.test(use.api) && sideOf(facts, use.function) === 'child')) return;
    const child = uses.find((use) => sideOf(facts, use.function) === 'child' && isForked(facts, use));
    if (!child) return;
    const parent = uses.find((use) => sideOf(facts, use.function) === 'parent' && !/\.(?:close|dispose|__exit__)$/.test(use.api));
    // Its threads stay in the parent; without any, it is as good as new.
    if (/ThreadPool/.test(kind) ? parent : parent || runsInSeveral(facts, child.function)) yield findingOf(cell, kind, child, parent);
  },
};

const CONNECTION =
  /^(?:sqlite3\.(?:Connection|Cursor)|psycopg2?\.(?:extensions\.)?(?:[Cc]onnection|[Cc]ursor)|pymysql\.\w+\.\w+|MySQLdb\.\w+\.\w+|mysql\.connector\.\w+\.\w+|pymongo\.MongoClient|sqlalchemy\.engine\.(?:Engine|Connection)|sqlalchemy\.orm\.Session|http\.client\.HTTPConnection|paramiko\.\w+|smtplib\.SMTP|ftplib\.FTP|imaplib\.IMAP4|zmq\.(?:Context|Socket)|concurrent\.futures\.ThreadPoolExecutor|multiprocessing\.pool\.ThreadPool|ssl\.SSLSocket|socket\.socket)$/;

/** The library class of what a place holds, where all that is put there is of one such class. */
function kindOf(facts: Facts, cell: string): string | undefined {
  const found = valuesOf(facts, cell);
  if (!found) return undefined;
  const names = new Set<string>();
  for (const { value, function: scope } of found.field.values) {
    if (value.kind === 'constant') continue;
    const type = facts.program.resolver.typeOf(found.module, scope, value);
    if (type?.kind !== 'library' || !CONNECTION.test(type.name)) return undefined;
    names.add(type.name);
  }
  return names.size === 1 ? [...names][0] : undefined;
}

/** A function that makes the connection when it is first asked for, asked by the parent before it forks, and by the child. */
function madeBeforeFork(facts: Facts, cell: string): Finding | undefined {
  const writes = facts.accessesOf(cell).filter((access) => access.write && facts.program.functions.get(access.function)?.index !== 0);
  const maker = writes.length === 1 && writes[0].checked && writes[0].cell.owner === undefined && !writes[0].constant ? writes[0].function : undefined;
  if (maker === undefined || sideOf(facts, maker) !== 'both' || minds(facts, maker)) return undefined;
  const kind = kindOf(facts, cell);
  if (kind === undefined || /ThreadPool/.test(kind)) return undefined;
  const callers = [...(facts.program.callers.get(maker) ?? [])];
  const child = callers.find(([key]) => sideOf(facts, key) === 'child');
  const parent = callers.find(([key, sites]) => sideOf(facts, key) === 'parent' && isBeforeFork(facts, key, sites[0].point, 2));
  if (!child || !parent) return undefined;
  const place = nameOfKey(cell);
  const [asked, opens] = [child, parent].map(([key, sites]): Site => ({ function: key, point: sites[0].point }));
  return {
    rule: connectionUsedAfterFork.id,
    family: connectionUsedAfterFork.family,
    severity: connectionUsedAfterFork.severity,
    confidence: 0.75,
    site: asked,
    message: `Processes share one connection: ${callOfKey(parent[0])} has ${callOfKey(maker)} open ${place} (a ${kind}) before it forks, so that in the child, for ${callOfKey(child[0])}, it is there already and is not opened again. Both sides use the same socket or file, and get each other's answers. Open it anew in each process, for instance in the pool's initializer, or remember os.getpid() with it.`,
    related: [
      { site: opens, message: 'Parent: has the connection opened, and forks after that' },
      { site: { function: maker, point: writes[0].point }, message: 'Opens it where there is none yet' },
      { site: asked, message: 'Child: finds the one of the parent' },
    ],
    fixes: [],
    interleaving: {
      sides: PROCESSES,
      steps: [
        first(opens, `calls ${callOfKey(maker)}, and forks later`),
        first(writes[0], `opens ${place}`),
        second(asked, `calls ${callOfKey(maker)}, which finds the ${place} of the parent and opens none`),
        first(opens, 'uses the same connection'),
      ],
      ...MIXED_UP,
    },
  };
}

/** Whether the function that makes it knows in which process it is. */
function minds(facts: Facts, key: string): boolean {
  const fn = facts.program.functions.get(key);
  return (
    fn !== undefined && modelOf(fn).operations.some((operation) => operation.kind === 'call' && /^(?:getpid|current_process)$/.test(calledName(operation)))
  );
}

/** Whether a process is forked further down, in the function or in who calls it. */
function isBeforeFork(facts: Facts, key: string, point: number, depth: number): boolean {
  const forks = processSites(facts, fileOfKey(key)).some(
    (site) =>
      site.fn.key === key &&
      site.point > point &&
      (site.kind === 'process' || site.kind === 'initializer') &&
      (site.method === 'fork' || site.method === 'default'),
  );
  if (forks || depth === 0) return forks;
  return [...(facts.program.callers.get(key) ?? [])].some(
    ([caller, sites]) => sideOf(facts, caller) === 'parent' && isBeforeFork(facts, caller, sites[0].point, depth - 1),
  );
}

/** Whether the process that has a copy is forked, so that it has the very connection. */
function isForked(facts: Facts, use: FunctionUse): boolean {
  const copied = copiedBy(facts, { ...use, onReceiver: true });
  if (!copied) return false;
  for (const spawner of facts.program.spawners.get(copied.runs)?.keys() ?? []) {
    const site = processSites(facts, fileOfKey(spawner)).find(({ targets, kind }) => targets.includes(copied.runs) && kind !== 'message');
    if (site && site.kind === 'process') return site.method === 'fork' || site.method === 'default';
    // What starts the pool says how; the job does not.
    if (site) return processSites(facts, fileOfKey(spawner)).some(({ kind, method }) => kind === 'initializer' && (method === 'fork' || method === 'default'));
  }
  const target = facts.program.functions.get(copied.runs);
  const owner = target?.module.module.functions[target.index].class;
  const method = target && owner !== undefined ? startMethodOfClass(facts, target.module.classKeys[owner]) : 'chosen';
  return method === 'fork' || method === 'default';
}

const PROCESSES: Sides = ['parent process', 'child process'];
const MIXED_UP = { harm: 'wrong', outcome: "Requests of both go over one connection, so that one gets the other's answers, or the data is damaged." } as const;

function scheduleOf(place: string, isPool: boolean, child: Site, parent: Site | undefined): Interleaving {
  if (isPool && parent)
    return {
      sides: PROCESSES,
      steps: [first(parent, `has ${place} start its threads, and forks`), second(child, `hands work to its copy of ${place}, which has no threads`)],
      harm: 'stuck',
      outcome: 'Nobody in the child does that work, and who waits for it waits for ever.',
    };
  const [uses, shares] = [`works with ${place}`, 'works with the same connection at the same time'];
  if (!parent) return { sides: ['one child process', 'another child process'], steps: [first(child, uses), second(child, shares)], ...MIXED_UP };
  return { sides: PROCESSES, steps: [first(parent, uses), second(child, shares)], ...MIXED_UP };
}

function findingOf(cell: string, kind: string, child: FunctionUse, parent: FunctionUse | undefined): Finding {
  const place = nameOfKey(cell);
  const at = (use: FunctionUse): Site => ({ function: use.function, point: use.point });
  const related: Related[] = [{ site: at(child), message: `Child: uses ${place} as it has inherited it` }];
  if (parent) related.push({ site: at(parent), message: /ThreadPool/.test(kind) ? 'Parent: has it start its threads' : 'Parent: uses the same one' });
  return {
    rule: connectionUsedAfterFork.id,
    family: connectionUsedAfterFork.family,
    severity: connectionUsedAfterFork.severity,
    confidence: 0.8,
    site: at(child),
    message: /ThreadPool/.test(kind)
      ? `The threads of ${place} are not there in the child: a fork copies the pool, but only the thread that forks, and ${callOfKey(child.function)} hands it work in a child process, which waits for ever. Make a pool of threads in the child.`
      : `Processes share one connection: ${place} is a ${kind} that was opened before the fork, and ${callOfKey(child.function)} uses it in ${
          parent ? `a child while ${callOfKey(parent.function)} uses it in the parent` : 'several children'
        }. They write to and read from the same socket or file, so that one gets the other's answers, or the data is damaged. Open a connection in each process, for instance in the pool's initializer.`,
    related,
    fixes: [],
    interleaving: scheduleOf(place, /ThreadPool/.test(kind), at(child), parent && at(parent)),
  };
}
