// The real engine: the layers below, with languages loaded when they occur. How bytes are read depends on where it runs.
import type { FrontEnd } from '../lower/front-end';
import { createLibrary, parseUserModels, shippedEntries } from '../lower/library';
import type { Language } from '../model/module';
import { renderCardPage } from '../report/card-page';
import { findCard, listCards } from '../report/cards';
import { cardIdAt, hoverAt } from '../report/hover';
import { codeCard } from '../report/hover-code';
import { RULES } from '../rules/registry';
import { LineMap } from '../text/line-map';
import { createWorkspace } from '../workspace/create';
import { relativePath } from '../workspace/file-system';
import type { Engine } from './engine';
import { reportFile, reportPage } from './report-pages';
import { uriOfId } from './uris';

/** Reads a file out of the place where the .wasm files are; rejects with a message fit for a person. */
export type ReadAsset = (assets: string, name: string) => Promise<Uint8Array>;

export function realEngine(readAsset: ReadAsset): Engine {
  return {
    createLibrary: (userModels, onProblem) => {
      const entries = userModels.flatMap(({ file, models }) => {
        const read = parseUserModels({ api: models }, file);
        for (const problem of read.problems) onProblem(file, problem);
        return read.entries;
      });
      return createLibrary(shippedEntries, entries);
    },
    createWorkspace: (library, configuration) => createWorkspace({ library, configuration }),
    loadFrontEnd: (language, assets) => loadFrontEnd(language, assets, readAsset),
    hover: (question) => {
      const found = hoverAt({ ...question, addressOf: lineAddress });
      if (!found) return undefined;
      const lines = new LineMap(question.text);
      return { markdown: found.markdown, range: { start: lines.positionAt(found.start), end: lines.positionAt(found.end) } };
    },
    cardIdAt,
    renderReport: reportPage,
    exportReport: async (file, assets) => {
      const script = file.format === 'html' ? new TextDecoder().decode(await readAsset(assets, 'page.js')) : '';
      return reportFile({ ...file, script });
    },
    defaultSeverity: (rule) => RULES.find(({ id }) => id === rule)?.severity,
    card: (id, library, withCommands) => findCard(id, library, withCommands),
    codeCard: (known, folder, withCommands) => ({
      title: known.name,
      markdown: codeCard(known, {
        withCommands,
        addressOf: lineAddress,
        nameOf: (file) => (folder === undefined ? file : (relativePath(folder, file) ?? file)),
      }),
    }),
    renderCard: (card, page) => renderCardPage(card.title, card.markdown, page),
    cards: (library) => listCards(library),
  };
}

/** Where an editor finds a line (from 0) of a file. */
function lineAddress(file: string, line: number): string {
  return `${uriOfId(file)}#L${line + 1}`;
}

async function loadFrontEnd(language: Language, assets: string, readAsset: ReadAsset): Promise<FrontEnd> {
  if (language === 'typescript') return (await import('../lower/typescript/front-end')).createTypeScriptFrontEnd();
  const [{ createPythonFrontEnd }, runtime, grammar] = await Promise.all([
    import('../lower/python/front-end'),
    readAsset(assets, 'web-tree-sitter.wasm'),
    readAsset(assets, 'tree-sitter-python.wasm'),
  ]);
  return createPythonFrontEnd({ runtime, grammar });
}
