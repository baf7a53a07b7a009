// Hover: what is shown over a name of the code, over a concurrency word in a comment, and over a rule's id in a suppression.
import { ruleById } from '../../glossary/rules';
import { type Library, libraryKey } from '../model/library';
import type { Module } from '../model/module';
import { type Span, spanContains } from '../text/span';
import { apiCard, apiSummary, ruleLine, ruleSummary, shortCard } from './hover-cards';
import { type CodeCardStyle, codeCardId, shortCodeCard } from './hover-code';
import { commentAt, findTerm } from './hover-words';
import type { Known } from './known';
import { termCardId } from './markdown';
import type { ReportLocation } from './workspace-report';

/** What hovers are about: the program's own code, APIs of libraries, terms in comments, rules of findings. */
export type HoverKind = 'code' | 'apis' | 'terms' | 'rules';

export interface HoverInput {
  readonly module: Module;
  readonly text: string;
  /** UTF-16 offset. */
  readonly offset: number;
  /** The name at the offset, as `Snapshot.subjectAt` gives it. */
  readonly subject?: HoverSubject;
  /** Rules whose findings the offset stands in. */
  readonly rules?: readonly string[];
  /** The kinds that are wanted; by default all. */
  readonly kinds?: ReadonlySet<HoverKind>;
  readonly library: Library;
  /** Whether the client runs command links; without, references are plain words. Default: true. */
  readonly withCommands?: boolean;
  /** How code is linked and named; by default it is not linked. */
  readonly addressOf?: CodeCardStyle['addressOf'];
}

/** A name of the code: the library's API behind it, and what is known of it in this program. */
export interface HoverSubject extends Span {
  readonly api?: string;
  readonly known: readonly Known<ReportLocation>[];
}

/** Markdown, and the span of the word or name it is about in UTF-16 offsets. */
export interface HoverResult extends Span {
  readonly markdown: string;
}

/** What is known of the name at the offset, else the card of the rule id or the concurrency word in the comment there; else nothing. */
export function hoverAt(input: HoverInput): HoverResult | undefined {
  const { module, text, offset } = input;
  const withCommands = input.withCommands ?? true;
  const comment = commentAt(module, text, offset);
  if (!comment) return nameCard(input, withCommands);
  const suppressed = suppressedRuleAt(text, comment, offset);
  const rule = suppressed && ruleById(suppressed.id);
  if (rule) return { markdown: ruleSummary(rule, withCommands), start: suppressed.start, end: suppressed.end };
  const found = wants(input, 'terms') ? findTerm(module, text, comment, offset) : undefined;
  return found && { markdown: shortCard(found.term, withCommands), start: found.start, end: found.end };
}

function wants({ kinds }: HoverInput, kind: HoverKind): boolean {
  return kinds === undefined || kinds.has(kind);
}

/** The id of the card that says most about what stands at the offset; undefined where there is none. */
export function cardIdAt({ module, text, offset, subject, rules = [] }: HoverInput): string | undefined {
  const comment = commentAt(module, text, offset);
  if (comment) {
    const suppressed = suppressedRuleAt(text, comment, offset);
    const found = suppressed ? undefined : findTerm(module, text, comment, offset);
    return suppressed?.id ?? (found && termCardId(found.term.id));
  }
  const [known] = subject?.known ?? [];
  if (known) return codeCardId(known);
  return subject?.api === undefined ? rules[0] : libraryKey(module.language, subject.api);
}

/** The cards of a name, the workspace's own before the library's, and the rules that report something there. */
function nameCard(input: HoverInput, withCommands: boolean): HoverResult | undefined {
  const { module, subject, library, offset, addressOf = () => undefined } = input;
  const entry = subject?.api === undefined || !wants(input, 'apis') ? undefined : library.get(libraryKey(module.language, subject.api));
  const known = (wants(input, 'code') && subject?.known) || [];
  const rules = (wants(input, 'rules') && input.rules) || [];
  const style: CodeCardStyle = { withCommands, addressOf, nameOf: (file) => file, here: module.file };
  const cards = [
    ...known.map((each) => shortCodeCard(each, style)),
    // Under a card of one's own code what the library says is the smaller part, and of a promise it is none.
    ...(entry && !(known.length > 0 && entry.name === 'Promise') ? [known.length > 0 ? apiSummary(entry) : apiCard(entry, withCommands)] : []),
    ...[...new Set(rules)].flatMap((id) => {
      const rule = ruleById(id);
      return rule ? [ruleLine(rule, withCommands)] : [];
    }),
  ];
  if (cards.length === 0) return undefined;
  const { start, end } = subject ?? { start: offset, end: offset };
  return { markdown: cards.join('\n\n---\n\n'), start, end };
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
