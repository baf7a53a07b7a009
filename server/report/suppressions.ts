// Suppressions: comments that say a finding is known and accepted.
import type { Module } from '../model/module';
import type { SourceText } from './source-text';

/** `# lockset: allow(rule-id) reason` on the line or the line above, `allow-file(rule-id)` for the file; several ids with commas. */
const COMMENT = /lockset:\s*allow(-file)?\(\s*([\w\-*,\s]+?)\s*\)/g;

/** Tells whether a rule's finding on a line (from 0) is allowed. */
export type Suppressions = (rule: string, line: number) => boolean;

/** Reads the suppressions in a module's comments. `*` stands for all rules. */
export function suppressionsOf(module: Module, source: SourceText): Suppressions {
  if (!source.text.includes('lockset:')) return () => false;
  const inFile = new Set<string>();
  const byLine = new Map<number, Set<string>>();
  for (let i = 0; i < module.comments.length; i += 2) {
    const comment = source.text.slice(module.comments[i], module.comments[i + 1]);
    for (const match of comment.matchAll(COMMENT)) {
      const line = source.lines.positionAt(module.comments[i] + match.index).line;
      const own = source.text.slice(source.lines.lineSpan(line).start, module.comments[i]).trim() === '';
      for (const rule of match[2].split(',')) {
        if (match[1]) inFile.add(rule.trim());
        // A comment on a line of its own speaks of the next line.
        else for (const target of own ? [line, line + 1] : [line]) byLine.set(target, (byLine.get(target) ?? new Set()).add(rule.trim()));
      }
    }
  }
  const names = (set: Set<string> | undefined, rule: string) => set !== undefined && (set.has(rule) || set.has('*'));
  return (rule, line) => names(inFile, rule) || names(byLine.get(line), rule);
}
