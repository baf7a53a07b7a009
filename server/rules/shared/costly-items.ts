// Costly items: what the work on one item of a list opens or asks others for, so that it matters how many run at a time.
import { calledName } from '../../model/calls';
import type { Call } from '../../model/operation';
import { lastName, type Place } from '../../model/place';
import type { Facts } from '../../summary/facts';
import type { FunctionKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { innerFunctions } from './inner-functions';

export type Cost = 'process' | 'file' | 'connection' | 'query';

export interface CostlyCall {
  readonly cost: Cost;
  readonly site: Site;
}

const FILE_MODULES = /^(?:fs|fs\/promises|fs-extra|graceful-fs\/promises|jsonfile)$/;
const FILES =
  /^(?:open|readFile|writeFile|appendFile|copyFile|stat|lstat|readdir|opendir|access|createReadStream|createWriteStream|rename|unlink|rm|mkdir|cp|copy|move|readJson|readJSON|writeJson|writeJSON|outputFile|ensureDir|remove|truncate|readlink|symlink|utimes|chmod|realpath)$/;
const PROCESSES = /^(?:spawn|exec|execFile|fork|execa|execaCommand|execFileAsync|execAsync|spawnAsync|execPromise|\$)$/;
const REQUESTS = /^(?:fetch|axios|got|request|nodeFetch|ky|superagent|undici|needle|phin)$/;
const REQUEST_METHODS =
  /^(?:get|post|put|patch|delete|head|request|send|sendMail|sendMessage|sendNotification|publish|upload|download|goto|newPage|getObject|putObject|invoke)$/;
const REQUESTERS =
  /^(?:axios|got|http|https|ky|superagent|undici|needle|mailer|transporter|smtp|s3|sqs|sns|ses|lambda|browser|page|webpush|web-push|webPush|apiClient|httpClient|http_client|axiosInstance|octokit)$/i;
const QUERIES =
  /^(?:query|execute|insert|insertOne|insertMany|insertInto|update|updateOne|updateMany|upsert|delete|deleteOne|destroy|save|create|findOne|findById|findByPk|findUnique|findUniqueOrThrow|findFirst|findMany|findAll|find|count|countDocuments|where|select|first|raw|one|none|oneOrNone|manyOrNone|any|bulkCreate|transaction|aggregate|\$transaction|\$queryRaw|\$executeRaw)$/;
const DATABASES =
  /^(?:db|_db|database|knex|prisma|sequelize|pool|pg|sql|client|conn|connection|dataSource|em|entityManager|manager|tx|trx|mongo|mongoose|dynamo|ddb|docClient|supabase)$|(?:Repository|Repo|Model|Collection|Db|Prisma|Knex|DataSource|_repository)$/;
/** Lets only some of them work at a time. */
const LIMITERS =
  /limit|throttl|semaphore|queue|schedul|acquire|enqueue|exclusive|bottleneck|mutex|debounce|concurren|lock|pool\.(?:run|exec)|withSlot|ratelimit/i;

/** How deep calls are followed. */
const DEEPEST = 3;

/** The first costly thing that a function, or what it runs in its file, does; undefined where something there limits it. */
export function costlyCall(key: FunctionKey, facts: Facts, seen = new Set<FunctionKey>()): CostlyCall | 'limited' | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn || seen.has(key) || seen.size > 40) return undefined;
  seen.add(key);
  let found: CostlyCall | undefined;
  for (const part of [fn, ...innerFunctions(fn, facts)]) {
    for (const [point, call] of modelOf(part).operations.entries()) {
      if (call.kind !== 'call') continue;
      if (isLimiter(call)) return 'limited';
      const cost = costOf(part, call);
      if (cost) found ??= { cost, site: { function: part.key, point } };
      if (found || seen.size > DEEPEST * 8) continue;
      for (const target of part.calls.get(point)?.targets ?? []) {
        if (facts.program.functions.get(target)?.module.file !== fn.module.file) continue;
        const deeper = costlyCall(target, facts, seen);
        if (deeper === 'limited') return 'limited';
        if (deeper) found ??= { cost: deeper.cost, site: { function: part.key, point } };
      }
      for (const spawn of part.calls.get(point)?.spawns ?? []) {
        if (spawn.function === undefined || facts.program.functions.get(spawn.function)?.module.file !== fn.module.file) continue;
        const deeper = costlyCall(spawn.function, facts, seen);
        if (deeper === 'limited') return 'limited';
        if (deeper) found ??= { cost: deeper.cost, site: { function: part.key, point } };
      }
    }
  }
  return found;
}

/** Whether a call hands its work to something that lets few run at a time. */
export function isLimiter(call: Call): boolean {
  if (call.callee.kind !== 'place') return false;
  const { root, path } = call.callee.place;
  const name = [...('name' in root && root.name !== undefined ? [root.name] : []), ...path].join('.');
  return LIMITERS.test(name) && !/^(?:limit|queue)\.(?:length|size)/.test(name);
}

/** What a call itself costs. */
export function costOf(fn: ResolvedFunction, call: Call): Cost | undefined {
  if (call.callee.kind !== 'place') return undefined;
  const { place } = call.callee;
  const name = lastName(place) ?? '';
  const owner = ownerName(place);
  const specifier = place.root.kind === 'import' ? place.root.specifier : undefined;
  if (specifier !== undefined && FILE_MODULES.test(specifier) && FILES.test(name)) return 'file';
  if (/^(?:fs|fsp|fsPromises|promises)$/.test(owner) && FILES.test(name)) return 'file';
  if (
    PROCESSES.test(name) &&
    (place.path.length === 0 || /^(?:child_process|cp|childProcess)$/.test(owner)) &&
    (specifier === undefined || /child_process|execa|cross-spawn|zx|tinyexec|promisify/.test(specifier))
  )
    return 'process';
  if (
    (place.path.length === 0 || specifier !== undefined) &&
    REQUESTS.test(place.path.length === 0 ? (('name' in place.root && place.root.name === 'default' ? specifier : name) ?? '') : '')
  )
    return 'connection';
  if (place.path.length > 0 && REQUEST_METHODS.test(name) && (REQUESTERS.test(owner) || (specifier !== undefined && REQUESTERS.test(specifier))))
    return 'connection';
  if (call.form === 'new' && /^(?:WebSocket|Socket)$/.test(name)) return 'connection';
  if (place.path.length > 0 && QUERIES.test(name) && isDatabase(fn, place)) return 'query';
  return undefined;
}

/** `this.prisma.user`, `knex('users')`, `userRepository`. */
function isDatabase(fn: ResolvedFunction, place: Place): boolean {
  const { root, path } = place;
  const steps = path.slice(0, -1);
  if (steps.some((step) => DATABASES.test(step))) return true;
  if (root.kind === 'receiver') return false;
  if (root.kind === 'parameter') return steps.length === 0 && DATABASES.test(modelOf(fn).parameters[root.index]?.name ?? '');
  if (root.kind === 'result') {
    const before = modelOf(fn).operations[root.operation];
    return before?.kind === 'call' && before.callee.kind === 'place' && (DATABASES.test(calledName(before)) || isDatabase(fn, before.callee.place));
  }
  return (
    'name' in root &&
    root.name !== undefined &&
    (DATABASES.test(root.name) || (root.kind === 'import' && /prisma|knex|sequelize|mongoose|typeorm|\/(?:db|database|models?)(?:\/|$)/.test(root.specifier)))
  );
}

function ownerName({ root, path }: Place): string {
  return (
    path.at(-2) ??
    ('name' in root ? (root.name === 'default' && root.kind === 'import' ? root.specifier : (root.name ?? (root.kind === 'import' ? root.specifier : ''))) : '')
  );
}
