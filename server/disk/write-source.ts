// Writing a source file back: as UTF-8 with the byte order mark it has, and only over the very text that was read.
import { writeFileSync } from 'node:fs';
import type { Language } from '../model/module';
import { decodeSource } from '../workspace/decoding';
import { nodeFiles } from './node-files';
import { reasonOf } from './write-whole';

const LARGEST = 16_000_000;

/** Replaces a file's text; gives the reason, for a person, where it was left as it is. */
export function writeSource(file: string, language: Language, before: string, after: string): string | undefined {
  let bytes: Uint8Array;
  try {
    bytes = nodeFiles.read(file, LARGEST) as Uint8Array;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const decoded = decodeSource(bytes, language);
  if (!('text' in decoded) || decoded.text !== before) return 'it has changed since it was read';
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\uFEFF' : '';
  if (!Buffer.from(mark + before, 'utf8').equals(bytes)) return 'it is not in UTF-8';
  try {
    writeFileSync(file, mark + after, 'utf8');
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
