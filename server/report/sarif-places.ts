// Places in SARIF: files as addresses relative to the folder that was analysed, ranges as regions from 1.
import type { ArtifactLocation, Location, PhysicalLocation, Region } from 'sarif';
import { displayPath } from './plain-text';
import type { Range } from './reported-finding';
import type { ReportLocation } from './workspace-report';

/** What relative addresses are relative to. Where that is, only whoever reads the log knows: it may be another machine. */
export const SOURCE_ROOT = 'SRCROOT';

/** The address of a file: relative to `folder` where it lies in it, absolute elsewhere. */
export function artifactOf(file: string, folder: string | undefined): ArtifactLocation {
  const path = displayPath(file, folder);
  const drive = /^[a-z]:(?=\/)/i.exec(path)?.[0];
  if (drive) return { uri: `file:///${drive}${encodePath(path.slice(drive.length))}` };
  // A share of another machine: //host/folder/file.
  if (path.startsWith('//')) return { uri: `file:${encodePath(path)}` };
  return path.startsWith('/') ? { uri: `file://${encodePath(path)}` } : { uri: encodePath(path), uriBaseId: SOURCE_ROOT };
}

export function placeOf({ file, range }: ReportLocation, folder: string | undefined): PhysicalLocation {
  return { artifactLocation: artifactOf(file, folder), region: regionOf(range) };
}

/** A place with what is said about it. */
export function locationOf(place: ReportLocation, message: string, folder: string | undefined): Location {
  return { physicalLocation: placeOf(place, folder), message: { text: plainMessage(message) } };
}

export function regionOf({ start, end }: Range): Region {
  return { startLine: start.line + 1, startColumn: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
}

/** Text as a message: `[text](target)` would be a link, and code such as `handlers[name](event)` looks like one. */
export function plainMessage(text: string): string {
  return text.replace(/\[([^[\]]*)\](?=\()/g, '\\[$1\\]');
}

/** Half of a character that needs two, which a file's name may hold, can be in no address. */
function encodePath(path: string): string {
  return path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}
