// The findings of the map's nodes, as numbers of the report's list.
import type { MapNode, ReportMap } from './report-map';
import type { ReportedFinding } from './reported-finding';

/** The map of a report that has other findings now: what is not among them any more goes, the rest gets its new numbers. */
export function renumberFindings(map: ReportMap, before: readonly ReportedFinding[], after: readonly ReportedFinding[]): ReportMap {
  const numbers = new Map(after.map((finding, index) => [nameOf(finding), index]));
  const renumbered = (number: number) => numbers.get(nameOf(before[number])) ?? [];
  return { ...map, nodes: map.nodes.map(({ findings = [], ...node }) => withNumbers(node, findings.flatMap(renumbered))) };
}

/** A node with the numbers of its findings, sorted. */
export function withNumbers(node: MapNode, numbers: Iterable<number>): MapNode {
  const findings = [...numbers].sort((a, b) => a - b);
  return findings.length > 0 ? { ...node, findings } : node;
}

function nameOf({ rule, file, range, message }: ReportedFinding): string {
  return `${rule} ${file}:${range.start.line}:${range.start.column} ${message}`;
}
