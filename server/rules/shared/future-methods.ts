// Future methods: which methods and functions ask a future how its work went, and which leave that open.

/** Methods that ask how the work went. */
export const ASKS = /^(?:result|exception|get|successful|results|traceback|then|catch)$/;
/** Methods that leave that open, on a future or on the container that holds it. */
export const LEAVES_OPEN =
  /^(?:done|cancel|cancelled|running|ready|wait|append|appendleft|add|discard|remove|clear|extend|insert|update|put|put_nowait|setdefault|set_name|empty|qsize|__len__|isdisjoint)$/;
/** Calls that only look at what they are given. */
export const LOOKS = /^(?:len|print|bool|str|repr|id|type|isinstance|any|all|debug|info|warn|warning|error|exception|critical|log)$/;
