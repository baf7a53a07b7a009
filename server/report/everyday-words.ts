// Everyday words: how names of terms are used when they do not mean the term: in the future, process the rows.

/** How a word is used when it is not the term. */
export interface EverydayUse {
  /** Only a certain term in the same comment tells; that the module uses the library does not. */
  readonly sameComment?: true;
  /** Is a verb too: "process the rows", "to process". */
  readonly verb?: true;
  readonly before?: RegExp;
  readonly after?: RegExp;
}

export const EVERYDAY: ReadonlyMap<string, EverydayUse> = new Map<string, EverydayUse>([
  ['process', { verb: true, before: /\bin\s+the\s+$/i }],
  ['promise', { verb: true }],
  ['pipe', { verb: true }],
  ['join', { sameComment: true }],
  ['daemon', { sameComment: true }],
  ['race', { sameComment: true }],
  ['barrier', { sameComment: true }],
  ['transferable', { sameComment: true }],
  // The system calls, which wait: `poll/select`, `poll(2)`, `select or poll`.
  ['poll', { before: /\bselect(?:\(\d?\))?(?:\/|,| or )\s*$/i, after: /^\s*(?:\/|\(|,| or | and )\s*(?:e?poll|select|\d\))/i }],
  // A connection for commands that wait in a server keeps nobody's thread.
  ['blocking', { after: /^\s+(?:connections?|clients?|commands?|primitives?|timeouts?)\b/i }],
  // What works jobs off, and the servers of a store.
  ['processor', { before: /\b(?:jobs?|queues?|messages?|requests?|sandboxed)\s+$/i, after: /^\s+(?:functions?|files?|of\s+(?:the\s+)?(?:jobs?|queue))\b/i }],
  ['cluster', { before: /\b(?:redis|valkey|database|kafka)\s+$/i, after: /^\s+(?:nodes?|clients?|slots?|modes?)\b/i }],
  // Topics of a store or a broker are no queues between threads.
  ['channel', { verb: true, before: /\b(?:notify|listen|redis|pub\/sub|pubsub|subscribed? to(?: the)?)\s+$/i }],
  [
    'future',
    {
      before: /\b(?:in|near|in the|in a)\s+$/i,
      after:
        /^\s+(?:versions?|releases?|use|uses|work|calls?|extensions?|references?|improvements?|changes?|dates?|self|me|python|needs?|developments?|proof|compatibility|is\s+uncertain)\b/i,
    },
  ],
]);

const NOUN_BEFORE =
  /\b(?:the|a|an|this|that|each|every|another|other|per|its|own|same|separate|new|single|background|running|child|parent|worker|main|daemon|operating-system|os|asyncio|python|node|server|one|two|of|by|between|across|as|returned|pending|rejected|resolved|of\s+another)\s+$/i;
const VERB_BEFORE = /\b(?:to|will|can|could|should|must|may|might|would|we|you|they|i|not|don't|cannot|never|always|also|then|let's|and)\s+$/i;
const OBJECT_AFTER =
  /^\s+(?:the|a|an|this|these|those|all|each|every|any|it|its|them|their|our|your|one|some|data|input|output|incoming|requests?|items?|messages?|events?)\b/i;

/** Whether a term's name at `start` to `end` is meant in its everyday sense there. */
export function isEveryday(text: string, start: number, end: number, use: EverydayUse): boolean {
  const before = text.slice(Math.max(0, start - 40), start).replace(/\s*\n\s*(?:#|\/\/|\*)?\s*/g, ' ');
  const after = text.slice(end, end + 40);
  if (use.before?.test(before) || use.after?.test(after)) return true;
  if (!use.verb || NOUN_BEFORE.test(before)) return false;
  // A sentence that begins with the word and goes on in lower case is an order: "Process pending events."
  if (/(?:^|[#/*"'.])\s*$/.test(before) && /^\s+[a-z]/.test(after) && /^[A-Z]/.test(text.slice(start, end))) return true;
  return OBJECT_AFTER.test(after) || VERB_BEFORE.test(before);
}
