// Suppressions: comments that say a finding is known and accepted.
import type { Module } from '../model/module';
import type { SourceText } from './source-text';

/** `# lockset: allow(rule-id) reason` on the line or the line above, `allow-file(rule-id)` for the file; several ids with commas. */
const COMMENT = /lockset:\s*allow(-file)?\(\s*([\w\-*,\s]+?)\s*\)(.*)/g;

/** The reason for which a rule's finding on a line (from 0) is allowed, '' where none is given; undefined where it is not allowed. */
export type Suppressions = (rule: string, line: number) => string | undefined;

/** Reads the suppressions in a module's comments. `*` stands for all rules. */
export function suppressionsOf(module: Module, source: SourceText): Suppressions {
  if (!source.text.includes('lockset:')) return () => undefined;
  const inFile = new Map<string, string>();
  const byLine = new Map<number, Map<string, string>>();
  for (let i = 0; i < module.comments.length; i += 2) {
    const comment = source.text.slice(module.comments[i], module.comments[i + 1]);
    for (const match of comment.matchAll(COMMENT)) {
      const line = source.lines.positionAt(module.comments[i] + match.index).line;
      const own = source.text.slice(source.lines.lineSpan(line).start, module.comments[i]).trim() === '';
      const reason = match[3]
        .replace(/\*\/.*$/, '')
        .replace(/^[\s:–—-]+/, '')
        .trim();
      for (const rule of match[2].split(',')) {
        if (match[1]) inFile.set(rule.trim(), reason);
        // A comment on a line of its own speaks of the next line.
        else for (const target of own ? [line, line + 1] : [line]) byLine.set(target, (byLine.get(target) ?? new Map()).set(rule.trim(), reason));
      }
    }
  }
  return (rule, line) => [byLine.get(line), inFile].map((allowed) => allowed?.get(rule) ?? allowed?.get('*')).find((reason) => reason !== undefined);
}
