// Actions that show a finding: the other side's access, the schedule or trace step by step, and the card of its rule. For our own client's commands.
import { type CodeAction, CodeActionKind, type Command, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver';
import { type ReportPlace, SHOW_PLACE, SHOW_REPORT, SHOW_TRACES, type ShownPlace, type ShownStep } from './messages';
import type { DataSchedule } from './protocol-diagnostics';

/** What a person can look at from a diagnostic, in the order in which it is offered. `place`: of the finding, as the report names it. */
export function showingActions(diagnostic: Diagnostic, rule: string, schedule: DataSchedule | undefined, place: ReportPlace | undefined): CodeAction[] {
  const action = (title: string, command: string, args: Command['arguments']): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title, command, arguments: args },
  });
  const message = typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value;
  const related = diagnostic.relatedInformation ?? [];
  const actions: CodeAction[] = [];
  const other = schedule && otherSide(diagnostic, schedule);
  if (other) {
    const { uri, range } = other;
    const place: ShownPlace = { uri, range };
    actions.push(action(`Show the other access: ${nameOf(uri)}:${range.start.line + 1}`, SHOW_PLACE, [place]));
  }
  const steps = schedule ? stepsOf(schedule, related) : related.map((step) => shown(step, ''));
  if (steps.length > 1) {
    const what = schedule?.sides.length === 2 ? 'Show both traces' : 'Show the trace';
    actions.push(action(`${what}: ${rule}`, SHOW_TRACES, [message.split('\n')[0].replace(/:$/, ''), steps]));
  }
  actions.push(action(`Open the card: ${rule}`, 'lockset.openCard', [rule]));
  if (place) actions.push(action('Show in the concurrency report', SHOW_REPORT, [place]));
  return actions;
}

/** The first step of the side that the finding is not about, if it is on another line. */
function otherSide({ range }: Diagnostic, { steps }: DataSchedule): ShownPlace | undefined {
  const isHere = (step: ShownPlace) => step.range.start.line === range.start.line;
  const own = steps.find(isHere)?.side ?? 0;
  return steps.find((step) => step.side !== own && !isHere(step));
}

/** The schedule, the last step with how it ends, and then what the trace tells of places that are not in it. */
function stepsOf({ sides, steps, outcome }: DataSchedule, related: readonly DiagnosticRelatedInformation[]): ShownStep[] {
  const lineOf = ({ uri, range }: ShownPlace) => `${uri} ${range.start.line}`;
  const told = new Set(steps.map(lineOf));
  return [
    ...steps.map(({ uri, range, side, does }, index): ShownStep => {
      const message = index + 1 < steps.length ? does : `${does}. ${outcome}`;
      return { uri, range, message, who: sides.length === 2 ? sides[side] : '' };
    }),
    ...related.filter(({ location }) => !told.has(lineOf(location))).map((step) => shown(step, 'Besides')),
  ];
}

function shown({ location: { uri, range }, message }: DiagnosticRelatedInformation, who: string): ShownStep {
  return { uri, range, message, who };
}

/** The last part of a URI's path, as a person reads it. */
function nameOf(uri: string): string {
  const name = /[^/]*$/.exec(uri.replace(/[?#].*$/s, ''))?.[0] ?? uri;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
