// Stored answers: what was asked for, and where the answer goes.
import type { Site } from '../../summary/locate';

/** What was waited for. */
export interface Request {
  readonly site: Site;
  readonly name: string;
  /** It asks for what may be something else the next time. */
  readonly varies: boolean;
  /** It is given one of the function's own arguments. */
  readonly byArgument: boolean;
  readonly awaited: Site;
}

/** Something of an answer is stored, whatever has happened since it was asked for. */
export interface StoredAnswer {
  /** What a person calls the place. */
  readonly into: string;
  readonly kind: 'view' | 'store' | 'element' | 'field' | 'variable';
  readonly site: Site;
  readonly request: Request;
}
