// The map as data: it shows what the report lists, each edge stands for a fact, and nothing in between is lost.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FrontEnd } from '../../server/lower/front-end';
import { createLibrary } from '../../server/lower/library';
import { buildMap } from '../../server/report/build-map';
import { renumberFindings } from '../../server/report/map-findings';
import type { MapEdge, ReportMap } from '../../server/report/report-map';
import type { ReportedFinding } from '../../server/report/reported-finding';
import { sharedPlace } from '../../server/report/shared-place';
import { sourceTexts } from '../../server/report/source-text';
import type { ReportLocation, WorkspaceReport } from '../../server/report/workspace-report';
import type { Facts } from '../../server/summary/facts';
import { isNamed } from '../../server/summary/keys';
import { Engine } from '../../server/workspace/engine';
import { readFixtures } from '../support/fixtures';
import { loadFrontEnds } from '../support/front-ends';
import { anyEdit, applyEdit, PROGRAM } from '../support/program';

const library = createLibrary();
let frontEnds: readonly FrontEnd[];
beforeAll(async () => {
  frontEnds = await loadFrontEnds();
});

interface Mapped {
  readonly map: ReportMap;
  readonly facts: Facts;
  readonly report: WorkspaceReport;
}

function mapOf(files: Readonly<Record<string, string>>): Mapped {
  const engine = new Engine(library);
  for (const frontEnd of frontEnds) engine.provide(frontEnd);
  engine.change(Object.entries(files).map(([file, text]) => ({ file, text })));
  const snapshot = engine.analyse();
  const map = buildMap({ facts: engine.facts, sourceOf: sourceTexts((file) => snapshot.text(file)) }, snapshot.findings());
  return { map, facts: engine.facts, report: snapshot.report() };
}

/** Edges in words: `writes function a.py#f → place a.py:x`; a root that stands for its function is named as that. */
function edgesIn({ map }: Mapped, ...kinds: readonly MapEdge['kind'][]): string[] {
  const runs = new Set(map.edges.filter((edge) => edge.kind === 'runs').map((edge) => edge.from));
  const idOf = (index: number, mayBeRoot: boolean) => {
    const { id, kind } = map.nodes[index];
    return kind !== 'root' || runs.has(index) || mayBeRoot ? id : id.replace(/^root (.*):[a-z]+$/s, 'function $1');
  };
  return map.edges
    .filter((edge) => kinds.includes(edge.kind))
    .map(({ kind, from, to }) => `${kind} ${idOf(from, false)} → ${idOf(to, kind === 'starts')}`)
    .sort();
}

const ids = (map: ReportMap, kind: string) => map.nodes.filter((node) => node.kind === kind).map(({ id }) => id);
const sorted = (items: Iterable<string>) => [...new Set(items)].sort();

/** Everything that holds of any map. */
function check(mapped: Mapped): void {
  const { map, facts, report } = mapped;
  expect(new Set(map.nodes.map(({ id }) => id)).size).toBe(map.nodes.length);
  for (const { group, file, line, column } of map.nodes) {
    expect(map.groups[group]).toBeDefined();
    expect(map.files[file]).toBeDefined();
    expect(Math.min(line, column)).toBeGreaterThanOrEqual(0);
  }
  for (const { file } of map.groups) expect(map.files[file]).toBeDefined();
  for (const { from, to, locks = [] } of map.edges) for (const index of [from, to, ...locks]) expect(map.nodes[index]).toBeDefined();
  expect(sorted(ids(map, 'root'))).toEqual(sorted(report.roots.map(({ id }) => `root ${id}`)));
  expect(sorted(ids(map, 'place'))).toEqual(sorted(report.shared.map(({ id }) => `place ${id}`)));
  expect(sorted(ids(map, 'lock'))).toEqual(sorted(report.locks.map(({ id }) => `lock ${id}`)));
  recount(mapped);
  contraction(mapped, facts);
}

/** What each kind of edge stands for, gone through once more from the facts alone. */
function recount(mapped: Mapped): void {
  const { map, facts, report } = mapped;
  const locks = new Set(ids(map, 'lock'));
  const [touched, broken, taken, starts]: string[][] = [[], [], [], []];
  for (const cell of facts.cellKeys()) {
    const place = sharedPlace(cell, facts);
    for (const access of place?.accesses ?? []) {
      const writes = place!.accesses.some((other) => other.function === access.function && other.write);
      touched.push(`${writes ? 'writes' : 'reads'} function ${access.function} → place ${cell}`);
      if (place!.guard !== undefined && !facts.guardsOf(access).has(place!.guard)) broken.push(touched.at(-1)!);
    }
  }
  for (const [key, { acquisitions, spawns }] of facts.program.summaries) {
    for (const { lock } of acquisitions) if (isNamed(lock.key) && !lock.perCall) taken.push(`takes function ${key} → lock ${lock.key}`);
    spawns.forEach((spawn, index) =>
      starts.push(`starts function ${key} → root ${spawn.function === undefined ? `${key}:${spawn.as} ${index}` : `${spawn.function}:${spawn.as}`}`),
    );
  }
  expect(edgesIn(mapped, 'reads', 'writes')).toEqual(sorted(touched));
  expect(edgesIn({ ...mapped, map: { ...map, edges: map.edges.filter((edge) => edge.breaks || edge.kind === 'runs') } }, 'reads', 'writes')).toEqual(
    sorted(broken),
  );
  expect(edgesIn(mapped, 'takes')).toEqual(sorted(taken));
  // What starts in code that nothing reaches is no root, nor is all of which it is not known what it runs.
  const roots = new Set(ids(map, 'root'));
  expect(edgesIn(mapped, 'starts')).toEqual(sorted(starts.filter((start) => roots.has(start.slice(start.indexOf('→') + 2)))));
  expect(edgesIn(mapped, 'guards')).toEqual(
    sorted(report.shared.flatMap(({ id, guard }) => (guard && locks.has(`lock ${guard.id}`) ? [`guards lock ${guard.id} → place ${id}`] : []))),
  );
  const known = report.order.filter(({ first, second }) => locks.has(`lock ${first.id}`) && locks.has(`lock ${second.id}`));
  const asEdge = ({ first, second }: (typeof known)[number]) => `order lock ${first.id} → lock ${second.id}`;
  expect(edgesIn(mapped, 'order')).toEqual(sorted(known.map(asEdge)));
  expect(edgesIn({ ...mapped, map: { ...map, edges: map.edges.filter((edge) => edge.inCycle) } }, 'order')).toEqual(
    sorted(known.filter((pair) => pair.inCycle).map(asEdge)),
  );
}

/** Between shown functions there is an edge if and only if there is a way through hidden ones, and it says how short that is. */
function contraction(mapped: Mapped, facts: Facts): void {
  const { map } = mapped;
  const runs = new Set(map.edges.filter((edge) => edge.kind === 'runs').map((edge) => edge.from));
  const shown = new Map<string, number>();
  map.nodes.forEach(({ id, kind }, index) => {
    if (kind === 'function') shown.set(id.slice('function '.length), index);
    else if (kind === 'root' && !runs.has(index)) shown.set(id.replace(/^root (.*):[a-z]+$/s, '$1'), index);
  });
  const expected = new Map<string, number>();
  for (const [start, from] of shown) {
    const seen = new Set([start]);
    let layer = [start];
    for (let between = 0; layer.length > 0; between++) {
      const next: string[] = [];
      for (const target of layer.flatMap((key) => facts.summaryOf(key)?.calls.map((call) => call.target) ?? [])) {
        if (seen.has(target)) continue;
        seen.add(target);
        const to = shown.get(target);
        if (to === undefined) next.push(target);
        else expected.set(`${from} ${to}`, between);
      }
      layer = next;
    }
  }
  const edges = map.edges.filter((edge) => edge.kind === 'calls').map(({ from, to, between = 0 }) => [`${from} ${to}`, between]);
  expect(Object.fromEntries(edges)).toEqual(Object.fromEntries(expected));
}

describe('the map', () => {
  it('of a program in both languages shows what the report lists, and each edge is a fact', () => {
    const mapped = mapOf(PROGRAM);
    check(mapped);
    for (const kind of ['starts', 'runs', 'calls', 'writes', 'takes', 'guards', 'order'] as const)
      expect(edgesIn(mapped, kind).length, kind).toBeGreaterThan(0);
    expect(mapped.map.edges.some((edge) => edge.breaks)).toBe(true);
    expect(mapped.map.edges.filter((edge) => edge.inCycle).length).toBeGreaterThan(1);
  });

  it('of any fixture', () => {
    let reads = 0;
    for (const { name, files } of readFixtures().filter((_, index) => index % 5 === 0)) {
      try {
        const mapped = mapOf(files);
        check(mapped);
        reads += edgesIn(mapped, 'reads').length;
      } catch (error) {
        throw new Error(name, { cause: error });
      }
    }
    expect(reads).toBeGreaterThan(0);
  }, 60_000);

  it('of any program', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { minLength: 1, maxLength: 8 }), (edits) => {
        const files: Record<string, string> = { ...PROGRAM };
        for (const edit of edits) {
          const { file, text } = applyEdit(files, edit);
          if (text === undefined) delete files[file];
          else files[file] = text;
        }
        check(mapOf(files));
      }),
      { numRuns: 25, seed: 31, endOnFailure: true },
    );
  }, 60_000);

  it('is the same for the same program', () => {
    const turned = Object.fromEntries(Object.entries(PROGRAM).reverse());
    expect(mapOf(turned).map).toEqual(mapOf(PROGRAM).map);
  });

  it('of a program without concurrency is empty', () => {
    expect(mapOf({ 'a.py': 'def f():\n    return 1\n\nf()\n' }).map).toEqual({ files: [], groups: [], nodes: [], edges: [] });
  });
});

const CHAIN = `import threading

lock = threading.Lock()
total = 0


def add():
    global total
    with lock:
        total += 1


def third():
    add()


def second():
    third()


def first():
    second()


threading.Thread(target=first).start()
threading.Thread(target=first).start()
`;

describe('a map', () => {
  it('takes out what only leads on, and says how much that was', () => {
    const { map } = mapOf({ 'chain.py': CHAIN });
    expect(map.nodes.map(({ kind, label }) => `${kind} ${label}`)).toEqual(['root first', 'function add', 'function chain.py', 'place total', 'lock lock']);
    const edges = map.edges.map(({ kind, from, to, ...more }) => [kind, map.nodes[from].label, map.nodes[to].label, more]);
    expect(edges).toEqual([
      ['starts', 'chain.py', 'first', {}],
      ['calls', 'first', 'add', { between: 2 }],
      ['guards', 'lock', 'total', {}],
      ['writes', 'add', 'total', { locks: [4] }],
      ['takes', 'add', 'lock', {}],
    ]);
  });

  it('keeps private members of JavaScript classes with their class', () => {
    const text =
      'export class Box {\n  #count = 0;\n  async add() {\n    const before = this.#count;\n    await wait();\n    this.#count = before + 1;\n  }\n  start() {\n    setInterval(() => this.add(), 10);\n  }\n}\n';
    const { map } = mapOf({ 'box.js': text });
    const told = map.nodes.map(({ kind, label, group }) => `${kind} ${label} of ${map.groups[group].label}`);
    expect(told).toContain('place Box.#count of Box');
    expect(told).toContain('function Box.add of Box');
  });

  it('groups by class, else by file, and stands where things are declared', () => {
    const { map } = mapOf(PROGRAM);
    const told = map.nodes.map(({ kind, label, group, line }) => `${kind} ${label} of ${map.groups[group].label} in line ${line + 1}`);
    expect(told).toContain('place Account._balance of Account in line 7');
    expect(told).toContain('function Account.correct of Account in line 19');
    expect(told).toContain('lock audit_lock of audit.py in line 5');
    expect(told).toContain('root work of workers.py in line 8');
  });

  it('knows the findings that stand at its nodes, each once, and those that are left of them', () => {
    const { map, report } = mapOf(PROGRAM);
    const place = map.nodes.find(({ id }) => id === 'place accounts.py#Account._balance')!;
    const { accesses } = report.shared.find(({ id }) => id === 'accounts.py#Account._balance')!;
    const at = ({ file, range }: ReportLocation) => `${file} ${range.start.line} ${range.start.column}`;
    const here = new Set(accesses.map(at));
    const numbersOf = (isHere: (finding: ReportedFinding) => boolean) => report.findings.flatMap((finding, index) => (isHere(finding) ? [index] : []));
    expect(place.findings).toEqual(numbersOf((finding) => here.has(at(finding))));
    const correct = map.nodes.find(({ label }) => label === 'Account.correct')!;
    expect(correct.findings).toEqual(numbersOf(({ file, symbol }) => file === 'accounts.py' && symbol === 'Account.correct'));
    const left = report.findings.filter((finding) => !correct.findings!.includes(report.findings.indexOf(finding)));
    const after = renumberFindings(map, report.findings, left);
    expect(after.nodes.find(({ label }) => label === 'Account.correct')).not.toHaveProperty('findings');
    for (const { findings = [] } of after.nodes) for (const number of findings) expect(left[number]).toBeDefined();
    expect(renumberFindings(map, report.findings, report.findings)).toEqual(map);
  });
});
