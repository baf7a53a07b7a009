// Files in reports: the same report with other names for its files.
import { displayPath } from './plain-text';
import type { WorkspaceReport } from './workspace-report';

/** The same data with every file's name replaced; ids, which begin with one, by `mapId`. */
export function mapFiles<Data>(data: Data, map: (file: string) => string, mapId: (id: string) => string = (id) => id): Data {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return key === 'file' || key === 'files' ? map(value) : key === 'id' ? mapId(value) : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
  };
  return walk(data, '') as Data;
}

/** A report with its files relative to a folder where they lie in it, so that it tells nothing of the machine; and the way back. */
export function relativeReport(
  report: WorkspaceReport,
  folder: string | undefined,
): { readonly named: WorkspaceReport; readonly fileOf: (name: string) => string } {
  const files = new Map<string, string>();
  const nameOf = (file: string) => {
    const name = displayPath(file, folder);
    files.set(name, file);
    return name;
  };
  return { named: mapFiles(report, nameOf, (id) => relativeId(id, folder)), fileOf: (name) => files.get(name) ?? name };
}

/** Any part of a report with its files relative to a folder where they lie in it. */
export function relativeFiles<Data>(data: Data, folder: string | undefined): Data {
  return mapFiles(
    data,
    (file) => displayPath(file, folder),
    (id) => relativeId(id, folder),
  );
}

function relativeId(id: string, folder: string | undefined): string {
  return folder ? id.replaceAll(folder.endsWith('/') ? folder : `${folder}/`, '') : id;
}
