// Turning a rule off in a configuration file: one line put in or changed, all else kept as it stands.
import { LineMap, type Position } from '../text/line-map';
import { parseConfiguration, type RuleSetting } from '../workspace/configuration-file';
import type { RuleOffResult } from './messages';

interface Change {
  /** Offsets of what is replaced. */
  readonly start: number;
  readonly end: number;
  /** What is put there; `REASON` stands for the room for a person's reason. */
  readonly newText: string;
}

const REASON = '\0';

/**
 * The edit of `text`, the configuration file `file`, after which `rule` is off, as a snippet with room for a reason. Only an
 * edit whose outcome has been parsed and says just that; otherwise the line where a person may look for themselves.
 */
export function turnRuleOff(file: string, text: string, rule: string): RuleOffResult {
  const table = file.endsWith('pyproject.toml') ? ['tool', 'lockset'] : [];
  const before = read(file, text, table);
  const lines = new Lines(text, [...table, 'rules']);
  for (const change of [lines.changed(rule), lines.extended(rule), lines.appended(rule)]) {
    if (!before || !change) continue;
    const after = read(file, text.slice(0, change.start) + change.newText.replace(REASON, 'reason') + text.slice(change.end), table);
    if (after && saysOnly(after, before, rule)) return lines.toResult(change);
  }
  return { line: lines.header ?? 0 };
}

interface Read {
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** All that is not about rules, to be compared. */
  readonly rest: string;
}

function read(file: string, text: string, table: readonly string[]): Read | undefined {
  const { settings = {}, problems } = parseConfiguration(file, text, table);
  if (problems.some(({ message }) => message.startsWith('not valid TOML'))) return undefined;
  const { rules = {}, ...rest } = settings;
  return { rules, rest: JSON.stringify([rest, problems.map(({ message }) => message)]) };
}

/** Whether the rule is off now and nothing else has changed. */
function saysOnly(after: Read, before: Read, rule: string): boolean {
  const names = new Set([...Object.keys(before.rules), ...Object.keys(after.rules)]);
  return after.rest === before.rest && after.rules[rule] === 'off' && [...names].every((name) => name === rule || after.rules[name] === before.rules[name]);
}

class Lines {
  private readonly map: LineMap;
  private readonly lineEnd: string;
  /** The line that begins the table of rules. */
  readonly header: number | undefined;

  constructor(
    private readonly text: string,
    private readonly table: readonly string[],
  ) {
    this.map = new LineMap(text);
    this.lineEnd = /\r\n|\n/.exec(text)?.[0] ?? '\n';
    const header = new RegExp(`^[ \\t]*\\[[ \\t]*${table.map((name) => `["']?${name}["']?`).join('[ \\t]*\\.[ \\t]*')}[ \\t]*\\]`);
    this.header = this.from(0).find((line) => header.test(this.content(line)));
  }

  /** A line that speaks of the rule already gets another value. */
  changed(rule: string): Change | undefined {
    const setting = new RegExp(`^([ \\t]*["']?${rule}["']?[ \\t]*=[ \\t]*)("[^"]*"|'[^']*')`);
    for (const line of this.section()) {
      const found = setting.exec(this.content(line));
      const { start } = this.map.lineSpan(line);
      if (found) return { start: start + found[1].length, end: start + found[0].length, newText: '"off"' };
    }
    return undefined;
  }

  /** A new line behind the last rule that is named, or behind the header. */
  extended(rule: string): Change | undefined {
    const last = this.section().findLast((line) => /^[ \t]*[^\s#]/.test(this.content(line)));
    if (last === undefined) return undefined;
    const { end } = this.map.lineSpan(last);
    const indentation = /^[ \t]*/.exec(this.content(last))?.[0];
    return { start: end, end, newText: `${this.lineEnd}${indentation}${rule} = "off"  # ${REASON}` };
  }

  /** A table of rules at the file's end. */
  appended(rule: string): Change {
    const end = this.text.length;
    const last = this.map.lineCount - 1;
    const isFresh = this.content(last).trim() === '';
    const gap = this.text.trim() === '' || (isFresh && last > 0 && this.content(last - 1).trim() === '') ? '' : isFresh ? this.lineEnd : this.lineEnd.repeat(2);
    return { start: end, end, newText: `${gap}[${this.table.join('.')}]${this.lineEnd}${rule} = "off"  # ${REASON}${this.lineEnd}` };
  }

  toResult({ start, end, newText }: Change): RuleOffResult {
    return { start: this.at(start), end: this.at(end), snippet: newText.replaceAll(/[\\$}]/g, '\\$&').replace(REASON, '$${1:reason}') };
  }

  private at(offset: number): { readonly line: number; readonly character: number } {
    const { line, column }: Position = this.map.positionAt(offset);
    return { line, character: column };
  }

  private content(line: number): string {
    const { start, end } = this.map.lineSpan(line);
    return this.text.slice(start, end);
  }

  private from(first: number): number[] {
    return Array.from({ length: this.map.lineCount - first }, (_, index) => first + index);
  }

  /** The header of the rules and the lines up to the next one. */
  private section(): number[] {
    const { header } = this;
    if (header === undefined) return [];
    const next = this.from(header + 1).find((line) => /^[ \t]*\[/.test(this.content(line)));
    return this.from(header).filter((line) => next === undefined || line < next);
  }
}
