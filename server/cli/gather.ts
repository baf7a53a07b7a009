// Gathering: the files of a run, read and decoded, with the configuration of each.
import { createHash } from 'node:crypto';
import { nodeFiles } from '../disk/node-files';
import type { Language } from '../model/module';
import { ConfigurationResolver, type ResolverOptions } from '../workspace/configuration';
import type { ConfigurationProblem } from '../workspace/configuration-file';
import { decodeSource } from '../workspace/decoding';
import { type DiscoveryItem, discover } from '../workspace/discovery';
import { languageOf } from '../workspace/languages';
import { looksMinified, saysGenerated } from '../workspace/roles';
import type { Configuration } from '../workspace/snapshot';

export interface SourceFile {
  readonly file: string;
  readonly language: Language;
  readonly text: string;
  /** A hash of its bytes. */
  readonly hash: string;
  readonly exempt: boolean;
  readonly configuration: Configuration;
  /** The file of known findings that its configuration names. */
  readonly baseline?: string;
}

export interface Gathered {
  readonly files: readonly SourceFile[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** How many tests and the like were left out. */
  readonly exempt: number;
  readonly problems: readonly ConfigurationProblem[];
  /** Library models of all configurations that apply to some file. */
  readonly models: readonly { readonly file: string; readonly models: readonly unknown[] }[];
}

export interface GatherOptions extends ResolverOptions {
  /** What stands for a file, which need not be there; it counts as named itself. */
  readonly given?: { readonly file: string; readonly bytes: Uint8Array };
}

/** Files beyond this are left out; source that people write is far below it. */
export const MAXIMUM_BYTES = 4_000_000;

/** Finds and reads the files. Paths are absolute with forward slashes. */
export async function gather(paths: readonly string[], options: GatherOptions): Promise<Gathered> {
  const resolver = new ConfigurationResolver(nodeFiles, options);
  const files: SourceFile[] = [];
  const skipped: { file: string; reason: string }[] = [];
  const problems = new Set<ConfigurationProblem>();
  const models = new Map<string, readonly unknown[]>();
  let exempt = 0;
  const isExcluded = async (path: string) => (await resolver.configurationFor(path)).isExcluded(path);
  const { given } = options;
  for await (const item of withGiven(discover(nodeFiles, paths, { isExcluded }), given?.file)) {
    if (item.kind === 'skipped') {
      skipped.push(item);
      continue;
    }
    const { configuration, baseline, ...found } = await resolver.configurationFor(item.file);
    for (const problem of found.problems) problems.add(problem);
    if (found.file !== undefined && found.models.length > 0) models.set(found.file, found.models);
    const isNamed = item.file === given?.file || paths.includes(item.file);
    const outcome =
      item.role !== 'source' && !configuration.reportExempt
        ? 'exempt'
        : readSource(item.file, item.language, item.file === given?.file ? given.bytes : undefined);
    if (outcome === 'exempt' || ('generated' in outcome && outcome.generated && !configuration.reportExempt && !isNamed)) {
      exempt++;
      continue;
    }
    if (outcome.problem !== undefined) skipped.push({ file: item.file, reason: outcome.problem });
    if ('text' in outcome) {
      files.push({
        file: item.file,
        language: item.language,
        text: outcome.text,
        hash: outcome.hash,
        exempt: item.role !== 'source' || (outcome.generated && !isNamed),
        configuration,
        ...(baseline !== undefined && { baseline }),
      });
    }
  }
  return { files, skipped, exempt, problems: [...problems], models: [...models].map(([file, list]) => ({ file, models: list })) };
}

/** The items, with the given file once, as source, wherever it was found. */
async function* withGiven(items: AsyncIterable<DiscoveryItem>, given: string | undefined): AsyncGenerator<DiscoveryItem> {
  for await (const item of items) if (item.file !== given) yield item;
  const language = given !== undefined && languageOf(given);
  if (given !== undefined && language) yield { kind: 'file', file: given, language, role: 'source' };
}

type Outcome = { readonly problem: string } | { readonly text: string; readonly hash: string; readonly generated: boolean; readonly problem?: string };

/** Reads a file; the given bytes may stand for it. */
export function readSource(file: string, language: Language, given?: Uint8Array): Outcome {
  let bytes: Uint8Array;
  try {
    bytes = given ?? (nodeFiles.read(file, MAXIMUM_BYTES) as Uint8Array);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const decoded = decodeSource(bytes, language);
  if ('refused' in decoded) return { problem: decoded.refused };
  if (language === 'typescript' && looksMinified(decoded.text)) return { problem: 'minified' };
  return { ...decoded, hash: createHash('sha256').update(bytes).digest('base64url'), generated: saysGenerated(decoded.text) };
}
