// Thread fit: whether what a coroutine calls, and blocks, may as well be called on another thread.
import type { Call } from '../../model/operation';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { enclosing } from '../../summary/structure';
import type { Point } from '../../summary/summary';
import { calledApi } from './event-loop-calls';

/** Whether a lock is held around a point with a plain with statement: an `await` there would hold it for as long as that takes. */
export function isUnderLock(fn: ResolvedFunction, point: Point): boolean {
  return (enclosing(modelOf(fn)).get(point) ?? []).some(
    (around) => around.kind === 'with' && !around.step.isAsync && fn.withs[~around.point]?.lock !== undefined,
  );
}

/** Whether a library's call does on another thread what it does here, and comes to an end there. */
export function isFitForThread(api: string, call: Call): boolean {
  if (MAY_WAIT_FOR_EVER.test(api)) return call.arguments.some((argument) => argument.name === 'timeout') || (/\.wait$/.test(api) && call.arguments.length > 0);
  return FIT.some((each) => each.test(api));
}

/** A thread that waits for what nobody sends any more keeps the program from ending. */
const MAY_WAIT_FOR_EVER = /^queue\.\w+\.(?:get|put)$|^multiprocessing\.\w*Queue\.(?:get|put)$|^threading\.(?:Event|Barrier)\.wait$/;

/** Not what belongs to the thread that has it (locks, SQLite), nor what does its work only later (generators, open files). */
const FIT: readonly RegExp[] = [
  /^subprocess\.(?:run|call|check_call|check_output|getoutput|getstatusoutput|Popen\.(?:wait|communicate))$|^os\.(?:system|listdir|fsync)$/,
  /^(?:shutil|hashlib)\.\w+$|^glob\.glob$|^filecmp\.\w+$|^(?:zipfile\.ZipFile|tarfile\.TarFile)\.(?:extractall|add|write)$/,
  /^pathlib\.Path\.(?:read_\w+|write_\w+|copy\w*)$|^(?:json|pickle|tomllib)\.(?:load|dump)$|^configparser\.ConfigParser\.(?:read|write)$/,
  /^(?:zlib|gzip|bz2|lzma|compression\.zstd)\.compress$|^ssl\.create_default_context$|^ssl\.SSLContext\.load_\w+$/,
  /^(?:requests|httpx|urllib3|boto3|botocore|paramiko|smtplib|imaplib|poplib|ftplib|websocket|joblib|numpy|xmlrpc|socket)\.(?!.*\.(?:iter_\w+|stream|run_forever|recv|send\w*|accept)$)/,
  /^urllib\.request\.\w+$|^http\.client\.\w+\.\w+$|^(?:redis\.(?:Redis|client\.Pipeline)|pymongo\.\w+\.\w+)\.(?!watch)\w+$|^redis\.lock\.Lock\.release$/,
  /^(?:psycopg2?|pymysql|MySQLdb|mysql\.connector)\.(?!.*notifies)/,
  /^(?:threading\.Thread|multiprocessing\.(?:Process|pool\.\w+)|watchdog\.observers\.Observer|concurrent\.futures\.Executor)\.(?:join|shutdown|terminate|map|apply|starmap)$/,
  /^logging\.handlers\.QueueListener\.stop$|^concurrent\.futures\.wait$|^(?:input|getpass\.getpass)$|^serial\.Serial\.(?:read\w*|write)$/,
];

/** Whether a plain function of the workspace, with all that it calls, has nothing to do with the event loop's thread. */
export function isHelperFitForThread(helper: FunctionKey, facts: Facts): boolean {
  const seen = new Set<FunctionKey>();
  const ways = [helper];
  for (let key = ways.pop(); key !== undefined; key = ways.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    const fn = facts.program.functions.get(key);
    const summary = facts.summaryOf(key);
    if (!fn || !summary || seen.size > MOST || modelOf(fn).isAsync || modelOf(fn).isGenerator || summary.runsLoop || summary.asksThread) return false;
    // What it writes without a lock is the loop's own so far, and two threads would have it from then on.
    if (summary.accesses.some((access) => access.write && !access.owned && access.held.length === 0)) return false;
    for (const [number, operation] of modelOf(fn).operations.entries()) {
      const api = operation.kind === 'call' ? calledApi(fn, number, facts) : undefined;
      if (api !== undefined && LOOP_SIDE.test(api)) return false;
    }
    for (const { target } of summary.calls) ways.push(target);
  }
  return true;
}

/** More than this is not looked through. */
const MOST = 60;

/** What has to stay on one thread, or means another event loop, or another connection, on another one. */
const LOOP_SIDE =
  /^(?:asyncio|contextvars|sqlite3|sqlalchemy|django|tornado|twisted|trio|anyio|curio|tkinter|PySide6|PyQt\d|signal|threading\.(?:local|get_ident|current_thread))\b/;
