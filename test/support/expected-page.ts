// What the report's page has to say of a report, section by section, as flat lists of facts: worked out from the model alone.
import { checksOf, lockPairs } from '../../server/report/report-checks';
import { summaryOf } from '../../server/report/report-summary';
import type { ReportedFinding } from '../../server/report/reported-finding';
import type { ReportLocation, WorkspaceReport } from '../../server/report/workspace-report';
import { FAMILIES } from '../../server/rules/finding';

type Fact = string | readonly Fact[];

/** `sections`: the facts of each by its id, in the order of the page; `navigation`: the number of each. */
export interface ExpectedPage {
  readonly sections: Readonly<Record<string, readonly string[]>>;
  readonly navigation: readonly string[];
}

export function expectedPage(report: WorkspaceReport, folder: string): ExpectedPage {
  const { findings, change, roots, shared, locks, order, map, suppressed, skipped } = report;
  const all: readonly (readonly [id: string, count: number | undefined, facts: Fact])[] = [
    ['summary', undefined, summaryFacts(report, folder)],
    ['checklist', 13, checksOf(report).map(({ title, detail }) => [`title=${title}`, `detail=${detail}`])],
    ['change', change?.fresh.length ?? 0, change ? changeFacts(report) : []],
    ['findings', findings.length, findingsFacts(report, folder)],
    ['roots', roots.length, rootsFacts(report, folder)],
    ['shared', shared.length, shared.map((place) => placeFacts(place, folder))],
    ['locks', locks.length, locks.map((lock) => lockFacts(lock, folder))],
    ['order', lockPairs(order).length, orderFacts(report, folder)],
    ['picture', map.nodes.length, []],
    [
      'suppressed',
      suppressed.length,
      suppressed.map((finding) => [
        `rule=${finding.rule}`,
        at(finding, folder),
        `first=${sentences(finding)[0]}`,
        finding.justification ? `reason=${finding.justification}` : [],
      ]),
    ],
    ['skipped', skipped.length, skipped.map(({ file, reason }) => [`path=${short(file, folder)}`, `reason=${reason}`])],
  ];
  const shown = all.filter(([id, count]) => count !== 0 || id === 'findings' || (id === 'change' && change));
  return {
    sections: Object.fromEntries(shown.map(([id, , facts]) => [id, flat(facts)])),
    navigation: shown.flatMap(([id, count]) => (count === undefined ? [] : [`${id}=${count}`])),
  };
}

function flat(fact: Fact): string[] {
  return typeof fact === 'string' ? [fact] : fact.flatMap(flat);
}

function short(file: string, folder: string): string {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}

function at({ file, range: { start } }: ReportLocation, folder: string): string {
  return `at ${file}:${start.line}:${start.column} as ${short(file, folder)}:${start.line + 1}`;
}

function percent(part: number, whole: number): string {
  return `bar ${Math.round((1000 * part) / whole) / 10}%`;
}

/** The first sentence, and what is left. Messages of tests have no other ends of sentences than these. */
function sentences({ message }: { readonly message: string }): readonly [string, string] {
  const end = message.search(/[.!?](?=\s+[A-Z`'"])/) + 1;
  return end === 0 ? [message, ''] : [message.slice(0, end), message.slice(end).trim()];
}

const STYLES = ['threads', 'processes', 'tasks', 'workers', 'events'] as const;

function summaryFacts(report: WorkspaceReport, folder: string): Fact {
  const { bySeverity, byFamily, byRule, byFolder, styles, guarded, coverage } = summaryOf(report, folder);
  const { functions, classes, asyncFunctions } = report.counts;
  const bars = (key: string, counts: readonly { readonly name: string; readonly count: number }[], isName = true): Fact => {
    const rows = counts.map(({ name, count }) => [isName ? `name=${name}` : [], percent(count, counts[0].count), `${key}(${name})=${count}`]);
    return [rows.slice(0, 8), rows.length > 8 ? [`${key}-more=${rows.length - 8}`] : [], rows.slice(8)];
  };
  return [
    report.findings.length === 0 ? 'findings=0' : bySeverity.map(({ name, count }) => `by-severity(${name})=${count}`),
    `roots=${report.roots.length}`,
    `shared=${report.shared.length}`,
    `locks=${report.locks.length}`,
    bars('by-family', byFamily),
    bars('by-rule', byRule),
    bars('by-folder', byFolder),
    bars('style', styles, false),
    guarded.places === 0 ? [] : [percent(guarded.withGuard, guarded.places), `with-guard=${guarded.withGuard}`, `shared=${guarded.places}`],
    guarded.withGuard === 0 ? [] : [percent(guarded.alwaysKept, guarded.withGuard), `always-kept=${guarded.alwaysKept}`, `with-guard=${guarded.withGuard}`],
    [`analysed=${coverage.analysed}`, `functions=${functions}`, `async-functions=${asyncFunctions}`, `classes=${classes}`],
    [`left-out=${coverage.leftOut}`, `skipped-files=${coverage.skipped}`],
  ];
}

function changeFacts({ change }: WorkspaceReport): Fact {
  const { since, fresh, known, gone } = change!;
  const rows = gone.map((entry) => [`rule=${entry.rule}`, `path=${entry.file}`, entry.symbol ? `symbol=${entry.symbol}` : [], `first=${sentences(entry)[0]}`]);
  return [`since=${since}`, `fresh=${fresh.length}`, `known=${known}`, `gone=${gone.length}`, gone.length > 0 ? `gone=${gone.length}` : [], rows];
}

function findingsFacts(report: WorkspaceReport, folder: string): Fact {
  if (report.findings.length === 0) return [];
  const { bySeverity, byRule, byFolder, byFamily } = summaryOf(report, folder);
  const order = checksOf(report);
  const families = [...byFamily].sort((a, b) => FAMILIES.indexOf(a.name) - FAMILIES.indexOf(b.name));
  const choices = (key: string, counts: readonly { readonly name: string; readonly count: number }[]) =>
    counts.map(({ name, count }) => `${key}(${name})=${count}`);
  return [
    choices('by-severity', bySeverity),
    order.filter((check) => check.findings > 0).map((check) => `by-check(${check.families.join(' ')})=${check.findings}`),
    choices('by-family', families),
    choices('by-rule', byRule),
    choices('by-folder', byFolder),
    loudestFirst(report.findings).map((finding) => findingFacts(finding, folder)),
  ];
}

/** Findings as the page shows them. */
export function loudestFirst(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  const loudness = { error: 0, warning: 1, information: 2, hint: 3 };
  return [...findings].sort((a, b) => loudness[a.severity] - loudness[b.severity]);
}

function findingFacts(finding: ReportedFinding, folder: string): Fact {
  const [first, rest] = sentences(finding);
  const { interleaving, range, rule, symbol } = finding;
  const steps = interleaving?.steps.map((step, index) => [`step=${index + 1}`, `does=${step.does}`, at(step, folder)]) ?? [];
  return [
    [`first=${first}`, `path=${short(finding.file, folder)}`, `line=${range.start.line + 1}`, rest ? `rest=${rest}` : []],
    [at(finding, folder), symbol ? `symbol=${symbol}` : [], `rule=${rule}`, `family=${finding.family}`],
    finding.related.map((step) => [`related=${step.message}`, at(step, folder)]),
    interleaving ? [interleaving.sides.map((side) => `side=${side}`), steps, `outcome=${interleaving.outcome}`] : [],
    finding.fixes.map(({ title }) => `fix=${title}`),
    `rule=${rule}`,
  ];
}

function rootsFacts({ roots, shared }: WorkspaceReport, folder: string): Fact {
  return STYLES.flatMap((style) => {
    const own = roots.filter((root) => root.style === style);
    const rows = own.map((root) => {
      const reached = shared.filter((place) => place.roots.some(({ id }) => id === root.id));
      const starts = root.starts.map((start) => [at(start, folder), `function=${start.function}`, start.by ? `by=${start.by}` : []]);
      return [
        [`name=${root.name}`, `kind=${root.kind}`, at(root.location, folder)],
        starts.length > 2 ? `starts=${starts.length}` : [],
        starts,
        root.many && root.why ? `why=${root.why}` : [],
        `reaches=${root.reaches}`,
        reached.length === 0 || reached.length > 3 ? `reached=${reached.length}` : [],
        reached.map(({ name }) => `name=${name}`),
      ];
    });
    return own.length > 0 ? [`style(${style})=${own.length}`, rows] : [];
  });
}

function placeFacts(place: WorkspaceReport['shared'][number], folder: string): Fact {
  const { counts, guard, accesses, roots, rules } = place;
  const broken = counts.accesses - counts.guarded;
  return [
    [`name=${place.name}`, accesses.length > 0 ? at(accesses[0], folder) : [], guard ? `name=${guard.name}` : []],
    guard ? [counts.accesses > 0 ? percent(counts.guarded, counts.accesses) : 'bar 0%', `guarded=${counts.guarded}`] : [],
    `accesses=${counts.accesses}`,
    roots.length === 0 || roots.length > 3 ? `reached-by=${roots.length}` : [],
    roots.map(({ name }) => `name=${name}`),
    rules.map((rule) => `rule=${rule}`),
    `accesses=${counts.accesses}`,
    counts.accesses === 0 ? [] : [`writes=${counts.writes}`, `reads=${counts.accesses - counts.writes}`, guard && broken > 0 ? `breaks=${broken}` : []],
    accesses.map((access) => [at(access, folder), `function=${access.function}`, access.locks.map((lock) => `lock=${lock}`)]),
    counts.accesses > accesses.length ? `more=${counts.accesses - accesses.length}` : [],
  ];
}

function lockFacts(lock: WorkspaceReport['locks'][number], folder: string): Fact {
  const { guards, acquisitions, slow } = lock;
  return [
    [`name=${lock.name}`, at(lock.location, folder), lock.type === 'unknown' ? [] : `type=${lock.type}`, lock.keepsOut ? `keeps-out=${lock.keepsOut}` : []],
    [guards.length === 0 || guards.length > 4 ? `guards=${guards.length}` : [], guards.map(({ name }) => `name=${name}`)],
    acquisitions.length === 0 || acquisitions.length > 2 ? `taken=${acquisitions.length}` : [],
    acquisitions.map((place) => [at(place, folder), `function=${place.function}`]),
    slow.length === 0 || slow.length > 2 ? `slow=${slow.length}` : [],
    slow.map((place) => [`what=${place.what}`, at(place, folder), `function=${place.function}`]),
  ];
}

function orderFacts({ order, cycles }: WorkspaceReport, folder: string): Fact {
  const pairs = [...new Map(order.map((edge) => [[edge.first.id, edge.second.id].sort().join(' '), edge])).keys()].map((key) =>
    order.filter((edge) => [edge.first.id, edge.second.id].sort().join(' ') === key),
  );
  return [
    cycles.length > 0 ? `cycles=${cycles.length}` : [],
    cycles.map(({ locks }) => [...locks, locks[0]].map(({ name }) => `name=${name}`)),
    pairs.map((edges) => [
      [`name=${edges[0].first.name}`, `name=${edges[0].second.name}`],
      `chains=${edges.reduce((sum, { chains }) => sum + chains.length, 0)}`,
      edges.map(({ first, second, chains }) => [
        `first=${first.name}`,
        `second=${second.name}`,
        chains.flat().map((step) => [`step=${step.message}`, at(step, folder)]),
      ]),
    ]),
  ];
}
