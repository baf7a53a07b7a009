// The parts of a finding's message.

/** The first sentence of a message, which makes sense alone, and the rest; '' where there is no more. */
export function firstSentence(message: string): [string, string] {
  const end = /[.!?](?=\s+[A-Z`'"])|\n/.exec(message);
  return end ? [message.slice(0, end.index + 1).trim(), message.slice(end.index + 1).trim()] : [message, ''];
}
