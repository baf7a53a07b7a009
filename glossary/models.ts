// Library models: what ships about APIs, generated from glossary/models/**; `server/lower/library.ts` gives it its types.
import generated from './generated/models.json';

/** One API's entry, in the shape that `ApiEntry` in server/model/library.ts describes. */
export interface LibraryModel {
  readonly name: string;
  readonly language: string;
}

/** All entries, ordered by language and name. */
export const models: readonly LibraryModel[] = generated as readonly LibraryModel[];
