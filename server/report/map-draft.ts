// The map while it is drawn up: nodes under their ids, with groups, places and findings; edges between those that there are.
import { groupBy } from '../summary/grouping';
import { type FunctionKey, fileOfKey } from '../summary/keys';
import { locate, type Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import type { Position } from '../text/line-map';
import { withNumbers } from './map-findings';
import type { ReportInput } from './report-input';
import type { MapEdge, MapGroup, MapNode, ReportMap } from './report-map';
import type { ReportedFinding } from './reported-finding';

/** What a node is apart from where it stands. */
type Naming<Node> = Node extends MapNode ? Omit<Node, 'group' | 'file' | 'line' | 'column' | 'findings'> : never;

export class MapDraft {
  private readonly nodes: MapNode[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly edges = new Map<string, MapEdge>();
  private readonly files = new Map<string, number>();
  private readonly groups = new Map<string, number>();
  private readonly groupList: MapGroup[] = [];
  /** The findings of each node, by number: what stands at two of its places counts once. */
  private readonly found: Set<number>[] = [];
  private readonly findingsAt: ReadonlyMap<string, readonly number[]>;
  private readonly findingsIn: ReadonlyMap<FunctionKey | undefined, readonly number[]>;

  constructor(
    private readonly input: ReportInput,
    findings: readonly ReportedFinding[],
  ) {
    const numbers = [...findings.keys()];
    this.findingsAt = groupBy(numbers, (index) => positionId(findings[index].file, findings[index].range.start));
    this.findingsIn = groupBy(numbers, (index) => this.functionAround(findings[index]));
  }

  /** A node for what has the key, shown at `site`; the findings at `sites` are its own. */
  addNode(naming: Naming<MapNode>, key: string, site: Site, sites: Iterable<Site> = []): void {
    const { file, line, column } = this.positionOf(site);
    this.indexes.set(naming.id, this.nodes.length);
    this.nodes.push({ ...naming, group: this.groupOf(key, file), file: this.fileIndex(file), line, column });
    this.found.push(new Set([...sites].flatMap((each) => this.findingsAt.get(positionId(this.positionOf(each).file, this.positionOf(each))) ?? [])));
  }

  /** Lets a node be known by another id as well. */
  alias(id: string, other: string): void {
    this.indexes.set(other, this.indexes.get(id)!);
  }

  has(id: string): boolean {
    return this.indexes.has(id);
  }

  /** The indexes of those of the ids that are nodes, in order. */
  indexesOf(ids: readonly string[]): number[] {
    return ids.flatMap((id) => this.indexes.get(id) ?? []).sort((a, b) => a - b);
  }

  /** Notes what is found inside a function, but not inside of functions in it. */
  noteFindings(id: string, key: FunctionKey): void {
    for (const index of this.findingsIn.get(key) ?? []) this.found[this.indexes.get(id)!].add(index);
  }

  /** An edge, unless one of its ends is no node or both are the same. */
  addEdge(kind: MapEdge['kind'], from: string, to: string, more: Omit<MapEdge, 'kind' | 'from' | 'to'> = {}): void {
    const [start, end] = [this.indexes.get(from), this.indexes.get(to)];
    if (start === undefined || end === undefined || (start === end && kind === 'runs')) return;
    this.edges.set(`${start} ${end} ${kind}`, { kind, from: start, to: end, ...more });
  }

  finish(): ReportMap {
    return {
      files: [...this.files.keys()],
      groups: this.groupList,
      nodes: this.nodes.map((node, index) => withNumbers(node, this.found[index])),
      edges: [...this.edges.values()],
    };
  }

  private positionOf(site: Site): Position & { readonly file: string } {
    const { file, span } = locate(this.input.facts.program, site);
    return { file, ...this.input.sourceOf(file).lines.positionAt(span.start) };
  }

  private fileIndex(file: string): number {
    if (!this.files.has(file)) this.files.set(file, this.files.size);
    return this.files.get(file)!;
  }

  /** The group of what has a key: the innermost class around it, else its file; `site` is the file that it is shown in. */
  private groupOf(key: string, site: string): number {
    const { modules } = this.input.facts.program;
    const file = modules.has(fileOfKey(key)) ? fileOfKey(key) : site;
    const classes = modules.get(file)?.classKeys ?? [];
    const around = classes.filter((each) => key.startsWith(each) && /^[./]/.test(key.slice(each.length)));
    const group = around.reduce((longest, each) => (each.length > longest.length ? each : longest), file);
    if (!this.groups.has(group)) {
      this.groups.set(group, this.groupList.length);
      const label = group === file ? nameOfFile(file) : group.slice(file.length + 1).replace(/~\d+$/, '');
      this.groupList.push({ label, file: this.fileIndex(file) });
    }
    return this.groups.get(group)!;
  }

  private functionAround({ file, range }: ReportedFinding): FunctionKey | undefined {
    const offset = this.input.sourceOf(file).lines.offsetAt(range.start);
    const around = this.input.facts.functionsIn(file).filter((fn) => fn.index === 0 || contains(modelOf(fn).span, offset));
    // Functions come in source order, outer ones first.
    return around.at(-1)?.key;
  }
}

/** The last part of a path; with its folder where files of that name are everywhere. */
export function nameOfFile(file: string): string {
  return /(?<![^/])(?:[^/]+\/)?(?:__init__|__main__|index|main|mod)\.\w+$/.exec(file)?.[0] ?? file.slice(file.lastIndexOf('/') + 1);
}

function contains({ start, end }: { readonly start: number; readonly end: number }, offset: number): boolean {
  return start <= offset && offset < end;
}

function positionId(file: string, { line, column }: Position): string {
  return `${line}:${column} ${file}`;
}
