// Taking words: the names by which calls of TypeScript take something that others then have to wait for, and give it back.

/** Verbs that take something which others then have to wait for, and those that give it back. */
export const PAIRS: readonly (readonly [takes: RegExp, gives: RegExp])[] = [
  [
    /^(?:acquire|obtain|reserve|borrow|checkOut|checkout|claim|take|get)([A-Z_]\w*)?$/,
    /^(?:release|free|return|giveBack|putBack|checkIn|checkin|unreserve)([A-Z_]\w*)?$/,
  ],
  [/^(?:lock|acquire)([A-Z_]\w*)?$/, /^(?:unlock|release|free)([A-Z_]\w*)?$/],
  [/^(?:enter|take)([A-Z_]\w*)?$/, /^(?:leave|exit)([A-Z_]\w*)?$/],
  [/^(?:begin|start)(Transaction|Work)$/, /^(?:commit|rollback|rollBack|abort|end)(Transaction|Work)?$/],
  [/^begin$/, /^(?:commit|rollback)$/],
];
/** Gives back what it is called on. */
export const GIVES = /^(?:release|unlock|releaseLock|endSession|releaseConnection)$/;
/** Ends what it is called on for good, which is as good. */
export const ENDS = /^(?:end|close|destroy|terminate|dispose|endSession|disconnect)$/;
/** Gives back what it is handed. */
export const TAKES_BACK = /^(?:release|unlock|free|giveBack|putBack|checkIn|checkin|return|recycle|destroy)(?:[A-Z]\w*)?$/;
/** Gives a function that gives back, or something to be given back. */
export const LENDS = /(?:acquire|lock|mutex|semaphore|permit|slot|take|enter|reserve|claim|hold|obtain|checkout|ticket|turn)/i;
/** What is given back by a method of its own. */
export const LENDS_GIVER =
  /acquire|lock|mutex|semaphore|permit|slot|connect|client|session|runner|reader|writer|lease|pool|checkout|borrow|reserve|claim|take|obtain|request|wake/i;
export const LENDS_OBJECT = /^(?:acquire|checkout|checkOut|take|borrow|obtain|lease|claim|reserve|connect|getConnection|getClient|createQueryRunner)/;
/** What a callback is handed to give back with. */
export const GIVES_BY_NAME = /^(?:release|unlock|free|leave|done)(?:[A-Z]\w*)?$/;
export const TRANSACTION = /^(?:transaction|beginTransaction|startTransaction|begin|startUnmanagedTransaction|transactionProvider)$/;

/** Whether what a function gives, or hands to its callback, is to be given back by its name. */
export function isLender(name: string): boolean {
  return (LENDS.test(name) || LENDS_OBJECT.test(name)) && !/exclusive|^with|critical|^(?:run|using|use)/i.test(name);
}
