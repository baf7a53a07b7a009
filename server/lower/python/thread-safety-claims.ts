// Claims: what documentation and names say about use by several threads.

/** Threads in the plural, or one of several, so that `from the main thread` says nothing. */
const THREADS = String.raw`(?:(?:any|each|every|another|more than one)(?: [\w-]+)? thread\b|(?:(?!single|one\b)[\w'’-]+ ){0,4}threads\b)`;
const SHARED = new RegExp(String.raw`\bshare[ds]?\b[^.;]{0,50}?\b(?:by|between|among|across|with)\b ${THREADS}`, 'i');
const CALLED = new RegExp(
  String.raw`\b(?:safe|used|called|accessed|reached|touched|invoked|hit|updated|usable|run)\b[^.;]{0,50}?\b(?:by|between|among|across|from)\b ${THREADS}`,
  'i',
);
const SHARERS = /\bthreads\b[^.;]{0,30}? (?:all |both |may |can )?(?:share|use) (?:it|them|this|one|the same)\b/i;
const CONCURRENT = /\bsafe (?:for|under) concurrent\b|\bconcurrent(?:ly)? by (?:\w+ ){0,3}threads\b/i;
/** `Thread-safe counter`, `A thread-safe LRU cache`; but not `Use thread-safe functions`, which is about something else. */
const NAMED = /^\W*(?:(?:a|an|the|this|simple|fully|small|basic|minimal) )*(?:[\w-]+, )?thread[- ]?safe\b/i;
const STATED =
  /\b(?:is|are|be|being|made|makes it|fully|completely)(?: \w+)? thread[- ]?safe\b|\bin a thread[- ]?safe (?:way|manner|fashion)\b|\b(?:for|provides?|ensures?|guarantees?) thread[- ]?safety\b|\bthread-?safely\b/i;
const CLAIMS = [SHARED, CALLED, SHARERS, CONCURRENT, NAMED, STATED];
const DENIED =
  /\b(?:not|non|isn't|aren't|doesn't|don't|never|nor|no|without|cannot|can't|only|unless|must|should|needs?|has to|required?|caller|while|if|when|instead)\b/i;
const UNSAFE = /\b(?:not|non|isn't|aren't|never|nor)\b[^.;]{0,24}thread[-\s]*safe|thread[-\s]*unsafe/i;
/** `shared among threads with a lock of your own`: then it is the user's matter. */
const CONDITION = /\b(?:synchroni[sz]ed|if|when|unless|provided|as long as|with (?:a|proper) lock)\b/i;

/** Whether a docstring, or the name of what it documents, says that several threads share it or may call it. */
export function claimsThreadSafety(name: string, docstring: string): boolean {
  if (/thread_?safe/i.test(name)) return !/(?:not|non|un)_?thread_?safe/i.test(name);
  if (docstring === '' || UNSAFE.test(docstring)) return false;
  const sentences = docstring.split(/[.!?;:]\s|\n\s*\n/);
  return sentences.some((sentence) => {
    const text = sentence.replace(/\s+/g, ' ').replace(/^\W*(?:[rub]*)"""/i, '');
    const match = CLAIMS.map((claim) => claim.exec(text)).find((found) => found !== null);
    return match !== undefined && match !== null && !DENIED.test(text.slice(0, match.index)) && !CONDITION.test(text.slice(match.index + match[0].length));
  });
}

const LOCK = String.raw`[\w.\x60'’]*(?:lock|mutex)\b[\w.\x60'’]*`;
const UNDER = [
  // `Must be called with the lock held`, `called within the connection lock`, `must be called while self.lock is held`
  new RegExp(String.raw`\b(?:called|used|invoked|run)\b[^.;]{0,20}?\b(?:with|while|within|under|inside|holding)\b[^;]{0,30}?${LOCK}`, 'i'),
  // `The caller must hold self._lock`, `assumes the lock is held`, `the lock must already be acquired`
  new RegExp(
    String.raw`\b(?:callers?|assum\w+|requires?|expects?)\b[^;]{0,40}?(?:\bhold\w*\b[^;]{0,30}?${LOCK}|${LOCK}[^;]{0,20}?\b(?:held|acquired|taken)\b)`,
    'i',
  ),
  new RegExp(String.raw`${LOCK}\W{0,3}(?:must|should|has to|needs to|is expected to)(?: already)? be (?:already )?(?:held|acquired|taken)\b`, 'i'),
];
const WITHOUT = /\b(?:not|never|without|no|don't|doesn't|cannot|unless|or)\b/i;

/** Whether a docstring says that whoever calls the function holds a lock. */
export function saysLockIsHeld(docstring: string): boolean {
  if (!/lock|mutex/i.test(docstring)) return false;
  return docstring.split(/[.!?;:]\s|\n\s*\n/).some((sentence) => {
    const text = sentence.replace(/\s+/g, ' ');
    return !WITHOUT.test(text) && UNDER.some((says) => says.test(text));
  });
}
