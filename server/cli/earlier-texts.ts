// The texts of files at a git revision, where they differ from those of now.
import { createHash } from 'node:crypto';
import { nodeFiles } from '../disk/node-files';
import { ConfigurationResolver, type ResolverOptions } from '../workspace/configuration';
import { decodeSource } from '../workspace/decoding';
import { joinPath, nameOf, parentOf, relativePath } from '../workspace/file-system';
import { languageOf } from '../workspace/languages';
import { looksMinified, roleOf, saysGenerated } from '../workspace/roles';
import { MAXIMUM_BYTES, type SourceFile } from './gather';
import { commitOf, objectsOf, repositoryOf, treeOf } from './git';
import { CannotRun } from './terminal';

/** A place that is analysed, and where it is in the repository. */
interface Place {
  readonly path: string;
  readonly inRepository: string;
}

/**
 * Tells of the files of a run what they were at a revision: those that were other, and those that are gone, with their texts; those
 * that were not there, without one. `places` are the files and folders of the run. Throws `CannotRun` where that cannot be told.
 */
export async function earlierTexts(
  revision: string,
  places: readonly string[],
  options: ResolverOptions,
): Promise<(files: readonly SourceFile[]) => Promise<ReadonlyMap<string, string | undefined>>> {
  const start = nodeFiles.kindOf(places[0]) === 'directory' ? places[0] : parentOf(places[0]);
  const top = await repositoryOf(start);
  const commit = await commitOf(revision, top);
  const known: Place[] = [];
  for (const path of places) {
    const real = (await nodeFiles.realPath(path)) ?? joinPath((await nodeFiles.realPath(parentOf(path))) ?? parentOf(path), nameOf(path));
    const inRepository = relativePath(top, real);
    if (inRepository === undefined) throw new CannotRun(`${path} is outside the git repository ${nameOf(top)}`);
    known.push({ path, inRepository });
  }
  const resolver = new ConfigurationResolver(nodeFiles, options);

  return async (files) => {
    const present = new Map(files.map((file) => [file.file, file]));
    const objects = new Map<string, string>();
    const submodules: string[] = [];
    for (const { path, kind, object } of await treeOf(commit, top)) {
      for (const file of pathsOf(path, known)) {
        if (kind === 'submodule') submodules.push(file);
        else if (kind === 'file' && languageOf(file)) objects.set(file, object);
      }
    }
    const texts = new Map<string, string | undefined>();
    // What is in a repository of its own has a past of its own, which is not looked at.
    for (const { file } of files) if (!objects.has(file) && !submodules.some((each) => file.startsWith(`${each}/`))) texts.set(file, undefined);
    const others: (readonly [file: string, object: string])[] = [];
    for (const [file, object] of objects) {
      const now = present.get(file);
      if (now ? !isObject(now.text, object) : await wasAnalysed(file, known, resolver)) others.push([file, object]);
    }
    const contents = await objectsOf(
      others.map(([, object]) => object),
      top,
    );
    for (const [index, [file]] of others.entries()) {
      const bytes = contents[index];
      if (!bytes) throw new CannotRun(`git has not got ${nameOf(file)} as it was at ${revision}: fetch it first, or clone without a filter`);
      const text = textOf(file, bytes);
      if (text !== undefined && unifyLines(text) !== unifyLines(present.get(file)?.text ?? '')) texts.set(file, text);
    }
    return texts;
  };
}

/** What a path in the repository is called as part of the run. */
function pathsOf(path: string, places: readonly Place[]): string[] {
  return places.flatMap((place) => {
    const rest = place.inRepository === '' ? path : relativePath(place.inRepository, path);
    return rest === undefined ? [] : rest === '' ? [place.path] : [joinPath(place.path, rest)];
  });
}

/** Whether a file that is gone would be part of the analysis if it were there. */
async function wasAnalysed(file: string, places: readonly Place[], resolver: ConfigurationResolver): Promise<boolean> {
  if (nodeFiles.kindOf(file) !== undefined) return false;
  const { configuration, isExcluded } = await resolver.configurationFor(file);
  if (isExcluded(file)) return false;
  return configuration.reportExempt || places.some(({ path }) => roleOf(relativePath(path, file) || file) === 'source');
}

/** Whether a text, as UTF-8, is what git stores under a name; a name of 64 digits is of a repository with SHA-256. */
function isObject(text: string, object: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  const hash = createHash(object.length === 64 ? 'sha256' : 'sha1').update(`blob ${bytes.length}\0`);
  return hash.update(bytes).digest('hex') === object;
}

/** The text of a file that people wrote; undefined for what an analysis leaves out. */
function textOf(file: string, bytes: Uint8Array): string | undefined {
  const language = languageOf(file);
  if (!language || bytes.length > MAXIMUM_BYTES) return undefined;
  const decoded = decodeSource(bytes, language);
  return 'text' in decoded && !looksMinified(decoded.text) && !saysGenerated(decoded.text) ? decoded.text : undefined;
}

/** git may have changed line ends when it wrote the file. */
function unifyLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
