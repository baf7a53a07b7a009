// The sides of a finding's traces: which steps are of one thread or call, and which step is the other one's access.
import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver';

/** Steps of a finding, the sides they are of (numbers from 0), and the step that shows the other access; undefined where no other is told. */
export interface Sides {
  readonly sideOf: readonly number[];
  readonly other: DiagnosticRelatedInformation | undefined;
}

/** How rules name the side that a step is of. */
const LABELS = [/\bthread ([A-Z])\b/, /^(First|Second) (?:call|request)\b/, /^(Child|Parent|Meanwhile)\b/, /^(\S+\(\)): /, /: (without the lock|holding) ?/];
/** The last step of a chain of calls that ends at a lock. */
const ENDS_CHAIN = /\bwaits for\b/;

/** Tells sides apart by what the steps say; where they say nothing, all are of one side. */
export function sidesOf(finding: Diagnostic, steps: readonly DiagnosticRelatedInformation[]): Sides {
  const labels: string[] = [];
  for (const [index, { message }] of steps.entries()) {
    const before = labels.at(-1) ?? '';
    const startsChain = index > 0 && ENDS_CHAIN.test(steps[index - 1].message) && !message.startsWith('…');
    labels.push(labelOf(message) ?? (startsChain ? `chain ${index}` : before));
  }
  const distinct = [...new Set(labels)];
  const isHere = ({ location }: DiagnosticRelatedInformation) => location.range.start.line === finding.range.start.line;
  const own = labels[Math.max(0, steps.findIndex(isHere))];
  return {
    sideOf: labels.map((label) => distinct.indexOf(label)),
    other: steps.find((step, index) => labels[index] !== own && !isHere(step)),
  };
}

function labelOf(message: string): string | undefined {
  for (const label of LABELS) {
    const found = label.exec(message);
    if (found) return found[1];
  }
  return undefined;
}
