// What belongs to the whole process is changed for a while and put back, while other threads rely on it.
import type { RootId } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { withPoints } from '../summary/structure';
import type { Point } from '../summary/summary';
import type { Interleaving, Severity } from './finding';
import type { Rule } from './rule';
import { first, second, twoRuns } from './shared/interleavings';
import { entering, importedName, isRestoring, isUnderLock, runsTwice } from './shared/restoring-steps';
import { startsOf, whyTheyMeet } from './shared/shared-access-traces';

/** Functions that set something of the whole process, and what a person calls it. */
const SETTERS: Readonly<Record<string, string>> = {
  'os.chdir': 'the working directory',
  'os.fchdir': 'the working directory',
  'os.umask': 'the file mode mask',
  'locale.setlocale': 'the locale',
  'socket.setdefaulttimeout': 'the default timeout of sockets',
  'sys.setrecursionlimit': 'the recursion limit',
  'random.setstate': 'the state of the random module',
  'random.seed': 'the state of the random module',
  'logging.disable': 'the level below which nothing is logged',
  'os.environ.update': 'os.environ',
  'os.environ.pop': 'os.environ',
  'os.environ.clear': 'os.environ',
  'os.putenv': 'os.environ',
  'os.unsetenv': 'os.environ',
  'gc.enable': 'garbage collection',
};

/** Context managers that do the same. */
const SCOPES: Readonly<Record<string, string>> = {
  'contextlib.redirect_stdout': 'sys.stdout',
  'contextlib.redirect_stderr': 'sys.stderr',
  'contextlib.chdir': 'the working directory',
  'warnings.catch_warnings': 'the warning filters',
};

export const processWideOverride: Rule = {
  id: 'process-wide-override',
  family: 'shared-state',
  languages: ['python'],
  severity: 'warning',
  subject: 'function',
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    if (!fn) return;
    const roots = runsTwice(key, facts);
    if (!roots) return;
    const seen = new Set<string>();
    for (const { what, point, began, entered } of [...overrides(fn), ...endedHere(fn, facts)]) {
      if (seen.has(what) || isUnderLock(fn, point, facts)) continue;
      seen.add(what);
      const severity: Severity = what === SCOPES['warnings.catch_warnings'] ? 'information' : 'warning';
      yield {
        rule: processWideOverride.id,
        family: processWideOverride.family,
        severity,
        confidence: severity === 'warning' ? 0.75 : 0.5,
        site: { function: key, point },
        message: `${capital(what)} ${what.startsWith('the warning') ? 'belong' : 'belongs'} to the whole process, and ${callOfKey(key)} changes ${what.startsWith('the warning') ? 'them' : 'it'} for a while: other threads see the change meanwhile, and of two that run this at the same time the last one to finish puts back what the other had set. ${whyTheyMeet({ roots, by: 'threads' })} Hand the value to what needs it, or hold one lock for the whole time.`,
        related: [
          ...(began === undefined
            ? []
            : [
                {
                  site: { function: key, point: began },
                  message: `thread A: ${callOfKey(key)} changes ${what} here; thread B can do the same before A has put it back`,
                },
              ]),
          {
            site: { function: key, point },
            message:
              began === undefined
                ? `thread A and thread B: ${callOfKey(key)} changes ${what}, and puts it back when the block ends`
                : `thread A: ${callOfKey(key)} puts back what it found, whatever B has set meanwhile`,
          },
          ...startsOf(roots, facts),
        ],
        fixes: [],
        interleaving: overlapping(what, entered ?? { function: key, point: began ?? point }, { function: key, point }, roots),
      };
    }
  },
};

/** Two that overlap: the second one finds what the first one has set, and puts that back last. */
function overlapping(what: string, changes: Site, restores: Site, roots: readonly RootId[]): Interleaving {
  return {
    sides: twoRuns(roots, changes, changes),
    steps: [
      first(changes, `changes ${what}`),
      second(changes, `finds what the other has set, and changes ${what} while the other counts on its own`),
      first(restores, 'puts back what it found, while the other counts on its own'),
      second(restores, 'puts back what it found: what the other had set'),
    ],
    harm: 'wrong',
    outcome: `What was meant for a while stays for good, and each has worked with the other's ${what.replace(/^the /, '')} in between.`,
  };
}

interface Override {
  readonly what: string;
  readonly point: Point;
  readonly began?: Point;
  /** Where the method that enters the scope changes it. */
  readonly entered?: Site;
}

function* overrides(fn: ResolvedFunction): Iterable<Override> {
  const { operations } = modelOf(fn);
  const changes = operations.flatMap((operation, point) => {
    const what = changedBy(operation);
    return what === undefined ? [] : [{ what, point }];
  });
  for (const { what, point } of changes) {
    const began = changes.find((other) => other.what === what && other.point < point && !isRestoring(fn, other.point));
    if (began && isRestoring(fn, point)) yield { what, point, began: began.point };
  }
  for (const [step, point] of withPoints(modelOf(fn))) {
    const made = step.value.kind === 'place' && step.value.place.root.kind === 'result' ? operations[step.value.place.root.operation] : undefined;
    const what = made?.kind === 'call' ? SCOPES[importedName(made) ?? ''] : undefined;
    if (what !== undefined) yield { what, point };
  }
}

/** What `__exit__` puts back and `__enter__` of the same class has changed. */
function* endedHere(fn: ResolvedFunction, facts: Facts): Iterable<Override> {
  const enter = entering(fn, facts);
  if (!enter) return;
  const begun = new Map(modelOf(enter).operations.map((operation, point) => [changedBy(operation), { function: enter.key, point }]));
  for (const [point, operation] of modelOf(fn).operations.entries()) {
    const what = changedBy(operation);
    const entered = begun.get(what);
    if (what !== undefined && entered) yield { what, point, entered };
  }
}

/** What of the process an operation sets: by a function, by an item of os.environ, or by an attribute of an imported module. */
function changedBy(operation: Parameters<typeof importedName>[0]): string | undefined {
  const name = importedName(operation);
  if (name === undefined) return undefined;
  if (operation.kind === 'call') return SETTERS[name];
  return name.startsWith('os.environ') ? 'os.environ' : /^[\w.]+\.\w+$/.test(name) ? name : undefined;
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
