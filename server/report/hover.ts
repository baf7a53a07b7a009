// Hover: what is shown over a library API, over a concurrency word in a comment, and over a rule's id in a suppression.
import { ruleById } from '../../glossary/rules';
import { termById } from '../../glossary/terms';
import { type Library, libraryKey } from '../model/library';
import type { Module } from '../model/module';
import { type Span, spanContains } from '../text/span';
import { apiCard, rulePage as rulePageMarkdown, ruleSummary, shortCard, termCard } from './hover-cards';
import { commentAt, findTerm } from './hover-words';

export interface HoverInput {
  readonly module: Module;
  readonly text: string;
  /** UTF-16 offset. */
  readonly offset: number;
  /** The API at the offset, as `Snapshot.apiAt` gives it. */
  readonly api?: { readonly name: string; readonly start: number; readonly end: number };
  readonly library: Library;
  /** Whether the client runs command links; without, references are plain words. Default: true. */
  readonly withCommands?: boolean;
}

/** Markdown, and the span of the word or name it is about in UTF-16 offsets. */
export interface HoverResult extends Span {
  readonly markdown: string;
}

/** The card of the API at the offset, else of the rule id or the concurrency word in the comment there; else nothing. */
export function hoverAt(input: HoverInput): HoverResult | undefined {
  const { module, text, offset, api } = input;
  const withCommands = input.withCommands ?? true;
  if (api) {
    const entry = input.library.get(libraryKey(module.language, api.name));
    return entry && { markdown: apiCard(entry, withCommands), start: api.start, end: api.end };
  }
  const comment = commentAt(module, text, offset);
  if (!comment) return undefined;
  const suppressed = suppressedRuleAt(text, comment, offset);
  const rule = suppressed && ruleById(suppressed.id);
  if (rule) return { markdown: ruleSummary(rule, withCommands), start: suppressed.start, end: suppressed.end };
  const found = findTerm(module, text, comment, offset);
  return found && { markdown: shortCard(found.term, withCommands), start: found.start, end: found.end };
}

/** The whole card of a term's id, as markdown. */
export function cardMarkdown(termId: string, withCommands = true): string | undefined {
  const term = termById(termId);
  return term && termCard(term, withCommands);
}

/** A rule's page, as markdown. */
export function rulePage(ruleId: string, withCommands = true): string | undefined {
  const rule = ruleById(ruleId);
  return rule && rulePageMarkdown(rule, withCommands);
}

/** The rule id at an offset in `lockset: allow(rule-id, …)`. */
function suppressedRuleAt(text: string, comment: Span, offset: number): (Span & { readonly id: string }) | undefined {
  for (const directive of text.slice(comment.start, comment.end).matchAll(/\blockset:\s*allow\(([^)\n]*)\)/g)) {
    const list = comment.start + directive.index + directive[0].indexOf('(') + 1;
    for (const id of directive[1].matchAll(/[a-z0-9-]+/g)) {
      const span = { start: list + id.index, end: list + id.index + id[0].length };
      if (spanContains(span, offset)) return { ...span, id: id[0] };
    }
  }
  return undefined;
}
