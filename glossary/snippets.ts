// Snippets: the patterns of concurrent programming as code to insert, generated from glossary/snippets/*.md.
import generated from './generated/snippets.json';
import { expandBody } from './snippet-body';

/** The languages that a snippet's code is there in; JavaScript is TypeScript without its types. */
export type SnippetLanguage = 'python' | 'typescript' | 'javascript';

/** One pattern. */
export interface Snippet {
  readonly id: string;
  readonly title: string;
  /** One sentence: what the code does. */
  readonly description: string;
  readonly category: string;
  /** What is typed to get it. */
  readonly prefix: string;
  /** Ids of related terms. */
  readonly terms: readonly string[];
  /** The code as an editor's snippet: placeholders, and one tab for each level of indentation. */
  readonly bodies: { readonly [Language in SnippetLanguage]?: string };
}

/** All snippets, by id. */
export const snippets: readonly Snippet[] = generated;

const byId: ReadonlyMap<string, Snippet> = new Map(snippets.map((snippet) => [snippet.id, snippet]));

/** The snippet of that id. */
export function snippetById(id: string): Snippet | undefined {
  return byId.get(id);
}

/** The program that a snippet gives when nothing is filled in; undefined where it does not exist in that language. */
export function snippetCode(snippet: Snippet, language: SnippetLanguage): string | undefined {
  const body = snippet.bodies[language];
  return body === undefined ? undefined : expandBody(body, language === 'python' ? '    ' : '  ');
}
