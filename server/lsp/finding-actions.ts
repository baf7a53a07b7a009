// Actions that show a finding: the other side's access, the traces step by step, and the card of its rule. For our own client's commands.
import { type CodeAction, CodeActionKind, type Command, type Diagnostic } from 'vscode-languageserver';
import { SHOW_PLACE, SHOW_TRACES, type ShownPlace, type ShownStep } from './messages';
import { sidesOf } from './trace-sides';

/** What a person can look at from a diagnostic, in the order in which it is offered. */
export function showingActions(diagnostic: Diagnostic, rule: string): CodeAction[] {
  const action = (title: string, command: string, args: Command['arguments']): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title, command, arguments: args },
  });
  const message = typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value;
  const steps = diagnostic.relatedInformation ?? [];
  const { sideOf, other } = sidesOf(diagnostic, steps);
  const actions: CodeAction[] = [];
  if (other) {
    const { uri, range } = other.location;
    const place: ShownPlace = { uri, range };
    actions.push(action(`Show the other access: ${nameOf(uri)}:${range.start.line + 1}`, SHOW_PLACE, [place]));
  }
  if (steps.length > 1) {
    const shown = steps.map(({ location, message }, index): ShownStep => ({ uri: location.uri, range: location.range, message, side: sideOf[index] }));
    const what = new Set(sideOf).size > 1 ? 'Show both traces' : 'Show the trace';
    actions.push(action(`${what}: ${rule}`, SHOW_TRACES, [message.split('\n')[0].replace(/:$/, ''), shown]));
  }
  return [...actions, action(`Open the card: ${rule}`, 'lockset.openCard', [rule])];
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
