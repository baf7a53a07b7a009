// Decoding: bytes of a source file to text, by byte order mark, by Python's encoding cookie, or as UTF-8.
import type { Language } from '../model/module';

/** What Node and browsers both have; this layer is compiled without the types of either. */
declare const TextDecoder: new (label?: string, options?: { fatal?: boolean }) => { decode(bytes: Uint8Array): string };

/** The text (without its byte order mark) and what was wrong with the bytes, or why they are no text at all. */
export type Decoded = { readonly text: string; readonly problem?: string } | { readonly refused: string };

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#.*)?$/;
/** What windows-1252 has at 0x80 to 0x9f; by hand, as some releases of Node take it for Latin-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const LATIN_1 = /^(?:latin-?1|l1|iso-?8859-?1|8859)$/;

/** Never throws. */
export function decodeSource(bytes: Uint8Array, language: Language): Decoded {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decodeAs('utf-8', bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !(bytes.length >= 4 && bytes[2] === 0 && bytes[3] === 0)) return decodeAs('utf-16le', bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs('utf-16be', bytes);
  if (bytes.subarray(0, 8192).includes(0)) return { refused: 'a binary file' };
  const cookie = language === 'python' ? encodingCookie(bytes) : undefined;
  return cookie ? decodeByCookie(cookie, bytes) : decodeAs('utf-8', bytes);
}

/** Bytes of a file that is UTF-8 by definition, such as a configuration, as text; what is invalid is replaced. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}

/** The encoding that the first or second line of a Python file names (PEP 263), in lower case with dashes. */
export function encodingCookie(bytes: Uint8Array): string | undefined {
  const lines = fromLatin1(bytes.subarray(0, 512)).split(/\r\n|\r|\n/, 2);
  const found = COOKIE.exec(lines[0] ?? '') ?? (BLANK_OR_COMMENT.test(lines[0] ?? '') ? COOKIE.exec(lines[1] ?? '') : null);
  return found?.[1].toLowerCase().replaceAll('_', '-');
}

function decodeByCookie(cookie: string, bytes: Uint8Array): Decoded {
  const name = cookie.replace(/-(?:unix|dos|mac)$/, '');
  if (/^(?:utf-?8(?:-sig)?|u8|ascii|us-ascii)$/.test(name)) return decodeAs('utf-8', bytes);
  if (LATIN_1.test(name)) return { text: fromLatin1(bytes) };
  if (/^(?:cp|windows-)1252$/.test(name)) return { text: fromLatin1(bytes).replace(/[\x80-\x9f]/g, (unit) => WINDOWS_1252[unit.charCodeAt(0) - 0x80]) };
  const label = /^cp125\d$/.test(name) ? `windows-${name.slice(2)}` : name === 'mac-roman' ? 'macintosh' : name === 'cp866' ? 'ibm866' : name;
  // Python names such as utf-16 in a cookie cannot be true: the cookie itself was readable byte by byte.
  if (/^utf-?(?:16|32|7)/.test(label)) return withProblem(decodeAs('utf-8', bytes), `the encoding "${cookie}" cannot be named in a comment; read as UTF-8`);
  try {
    new TextDecoder(label);
  } catch {
    return withProblem(decodeAs('utf-8', bytes), `unknown encoding "${cookie}"; read as UTF-8`);
  }
  return decodeAs(label, bytes);
}

function decodeAs(encoding: string, bytes: Uint8Array): Decoded {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    const text = new TextDecoder(encoding).decode(bytes);
    const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
    return { text, problem: `line ${line} is not valid ${encoding.toUpperCase()}; what cannot be read is replaced` };
  }
}

function withProblem(decoded: Decoded, problem: string): Decoded {
  return 'text' in decoded ? { text: decoded.text, problem } : decoded;
}

/** Each byte is the code of its character. */
function fromLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
