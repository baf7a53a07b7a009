// Annotation comments: what comments state of locks, in a form that prose does not take by accident.
import type { Language } from '../model/module';
import type { Span } from '../text/span';

/** `guarded by: _lock` or `requires: _lock`, standing alone in its part of a comment. */
export interface Annotation {
  readonly kind: 'guarded' | 'requires';
  readonly lock: string;
  /** Of the lock's name. */
  readonly span: Span;
}

/** Whether a text may hold an annotation at all. */
export function mayAnnotate(text: string): boolean {
  return /guarded[ _-]?by|requires/i.test(text);
}

const NAME = String.raw`["'\x60]?(?<lock>#?[\p{L}_$][\p{L}\p{N}_$]*(?:\.#?[\p{L}_$][\p{L}\p{N}_$]*)*)["'\x60]?`;
const WORDS = '(?<words>guarded[ _-]?by|requires)';
/**
 * `guarded by: lock`, `GUARDED_BY(lock)`; a word alone between the two takes the `@` of a documentation tag. Nothing may
 * follow: `guarded by: lock for writes` says less, and `guarded by lock` may be any remark.
 */
const FORMS = [String.raw`@?${WORDS}\s*:\s*${NAME}`, String.raw`@?${WORDS}\s*\(\s*${NAME}\s*\)`, String.raw`@${WORDS}\s+${NAME}`].map(
  (form) => new RegExp(String.raw`^\s*${form}\s*[.;]?\s*$`, 'diu'),
);

/** What a comment states, in order; nothing for prose. */
export function annotationsIn(text: string, comment: Span, language: Language): Annotation[] {
  const found: Annotation[] = [];
  for (const { start, end } of partsOf(text.slice(comment.start, comment.end), language)) {
    const part = text.slice(comment.start + start, comment.start + end);
    for (const form of FORMS) {
      const groups = form.exec(part)?.indices?.groups;
      if (!groups) continue;
      const at = (name: string) => ({ start: comment.start + start + groups[name][0], end: comment.start + start + groups[name][1] });
      const [words, lock] = [at('words'), at('lock')];
      const kind = /^r/i.test(text.slice(words.start, words.end)) ? 'requires' : 'guarded';
      const name = text.slice(lock.start, lock.end);
      // The interpreter's own lock is nothing that code could take.
      if (name !== 'GIL') found.push({ kind, lock: name, span: lock });
      break;
    }
  }
  return found;
}

/** The parts of a comment that may each be an annotation: `# type: list  # guarded by: _lock` has two, a block one per line. */
function partsOf(comment: string, language: Language): Span[] {
  // A docstring is no comment to a person.
  if (language === 'python') return comment.startsWith('#') ? split(comment, /#+/g) : [];
  return comment.startsWith('/*') ? split(comment, /^\/\*+|\*+\/$|[\r\n]+\s*\**/g) : split(comment, /\/\/+/g);
}

function split(comment: string, border: RegExp): Span[] {
  const borders = [...comment.matchAll(border)];
  return borders.map((match, index) => ({ start: match.index + match[0].length, end: borders[index + 1]?.index ?? comment.length }));
}
