// Front ends on demand: a language is loaded when the first file of it appears, and its failure is told once.
import type { FrontEnd } from '../lower/front-end';
import type { Language, Module } from '../model/module';
import type { SharedSignals } from './analysis-channel';
import type { Engine } from './engine';

/** A parser's memory is full or torn, and is never whole again in this thread. */
export class TornParser extends Error {}

/** A front end never throws; this is how one says, among a module's problems, that its WebAssembly has come to its end. */
const TORN = /^The parser failed: .*(?:Aborted\(|memory access out of bounds|table index is out of bounds|unreachable|signature mismatch)/s;

/** A front end whose memory only grows. */
interface Exhaustible {
  readonly isExhausted?: boolean;
}

/** Loads each language at most once; a language that cannot be loaded stays absent, and the others work. */
export class FrontEnds {
  private readonly loading = new Map<Language, Promise<FrontEnd | undefined>>();

  /**
   * `onLoaded` is told once per language, before `load` returns. Files in `excluded` are lowered to empty modules: they
   * have brought workers down before.
   */
  constructor(
    private readonly engine: Engine,
    private readonly assets: string,
    private readonly signals: SharedSignals,
    private readonly excluded: ReadonlySet<string>,
    private readonly onLoaded: (frontEnd: FrontEnd) => void,
    private readonly onFailed: (language: Language, reason: string) => void,
  ) {}

  /** The front end of a language; undefined when it cannot be had. */
  load(language: Language): Promise<FrontEnd | undefined> {
    const known = this.loading.get(language);
    if (known) return known;
    const loading = this.engine.loadFrontEnd(language, this.assets).then(
      (frontEnd) => {
        const watched = this.watch(frontEnd);
        this.onLoaded(watched);
        return watched;
      },
      (error: unknown) => {
        this.onFailed(language, error instanceof Error ? error.message : String(error));
        return undefined;
      },
    );
    this.loading.set(language, loading);
    return loading;
  }

  /** The same front end, noting in shared memory which file it reads, for the case that it never comes back. */
  private watch(frontEnd: FrontEnd): FrontEnd {
    return {
      language: frontEnd.language,
      lower: (file, text, editing) => {
        if (this.excluded.has(file)) return emptyModule(frontEnd, file);
        this.signals.reading = file;
        const module = frontEnd.lower(file, text, editing);
        const torn = module.problems.find(({ message }) => TORN.test(message));
        if (torn) throw new TornParser(torn.message);
        if ((frontEnd as Exhaustible).isExhausted) throw new TornParser('the parser has used up its memory');
        // Not after an exception: then the note is what tells the protocol side which file it was.
        this.signals.reading = undefined;
        return module;
      },
      tree: (file, text) => frontEnd.tree(file, text),
      forget: (file) => frontEnd.forget(file),
    };
  }
}

/** An empty text is harmless whatever the file was. */
function emptyModule(frontEnd: FrontEnd, file: string): Module {
  const module = frontEnd.lower(file, '');
  return { ...module, problems: [{ span: { start: 0, end: 0 }, message: 'not analysed: reading it made the analysis fail' }] };
}
