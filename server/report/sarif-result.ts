// Findings in SARIF: a result each, with both sides of its schedule as flows, its fixes, and its fingerprint.
import type { CodeFlow, Fix, Result, ThreadFlow } from 'sarif';
import type { ReportedFinding, ReportedFix, ReportedInterleaving } from './reported-finding';
import { artifactOf, locationOf, placeOf, plainMessage, regionOf } from './sarif-places';
import { levelOf } from './sarif-rules';

/** What of a result the finding itself does not know. */
export interface ResultContext {
  readonly ruleIndex: number;
  readonly fingerprint: string;
  readonly relativeTo?: string;
  /** Why a comment accepts it, '' where that is not said; absent where none does. */
  readonly justification?: string;
  /** Absent where there is no baseline. */
  readonly baselineState?: Result.baselineState;
}

/** Names this way to make fingerprints; another one is to have another name. */
const FINGERPRINT = 'lockset/v1';

/** The result of one finding. */
export function resultOf(finding: ReportedFinding, { ruleIndex, fingerprint, relativeTo, justification, baselineState }: ResultContext): Result {
  const { rule, severity, symbol, related } = finding;
  const codeFlow = codeFlowOf(finding, relativeTo);
  const fixes = finding.fixes.filter(({ edits }) => edits.length > 0).map((fix) => fixOf(fix, relativeTo));
  return {
    ruleId: rule,
    ruleIndex,
    level: levelOf(severity),
    message: { text: plainMessage(finding.message) },
    locations: [{ physicalLocation: placeOf(finding, relativeTo), ...(symbol && { logicalLocations: [logicalLocationOf(symbol)] }) }],
    ...(related.length > 0 && { relatedLocations: related.map((step, id) => ({ id, ...locationOf(step, step.message, relativeTo) })) }),
    ...(codeFlow && { codeFlows: [codeFlow] }),
    ...(fixes.length > 0 && { fixes }),
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    // An empty list says that nobody accepts it; no list would say that this is not known.
    suppressions: justification === undefined ? [] : [{ kind: 'inSource', ...(justification && { justification }) }],
    ...(baselineState && { baselineState }),
    rank: Math.round(finding.confidence * 100),
    properties: { family: finding.family, confidence: finding.confidence, severity },
  };
}

function logicalLocationOf(symbol: string): { name: string; fullyQualifiedName: string } {
  return { name: symbol.slice(symbol.lastIndexOf('.') + 1), fullyQualifiedName: symbol };
}

/** The schedule, or else the trace. */
function codeFlowOf({ interleaving, related }: ReportedFinding, folder: string | undefined): CodeFlow | undefined {
  if (interleaving) return scheduleOf(interleaving, folder);
  if (related.length === 0) return undefined;
  return { threadFlows: [{ locations: related.map((step) => ({ location: locationOf(step, step.message, folder) })) }] };
}

/** A flow for each side; the order over both lets a viewer replay what happens. */
function scheduleOf({ sides, steps, outcome }: ReportedInterleaving, folder: string | undefined): CodeFlow {
  const flows = sides.map((name, side): ThreadFlow => {
    const locations = steps.flatMap((step, index) =>
      step.side === side ? [{ location: locationOf(step, step.does, folder), executionOrder: index + 1 }] : [],
    );
    // Ids are unique in a flow, and both sides may be called alike.
    return { id: side > 0 && name === sides[0] ? `${name} (${side + 1})` : name, message: { text: plainMessage(name) }, locations };
  });
  return { message: { text: plainMessage(outcome) }, threadFlows: flows.filter(({ locations }) => locations.length > 0) };
}

function fixOf({ title, safety, edits }: ReportedFix, folder: string | undefined): Fix {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: plainMessage(`${title} (${safety})`) },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifactOf(file, folder),
      replacements: edits
        .filter((edit) => edit.file === file)
        .map(({ range, newText }) => ({ deletedRegion: regionOf(range), ...(newText && { insertedContent: { text: newText } }) })),
    })),
  };
}
