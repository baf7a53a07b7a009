// Colours for the examples on cards.
import hljs from 'highlight.js/lib/core';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';

hljs.registerLanguage('python', python);
hljs.registerLanguage('typescript', typescript);

/** Colours every example of the page whose language is known. */
export function highlightExamples(): void {
  for (const code of document.querySelectorAll<HTMLElement>('pre code.language-python, pre code.language-typescript')) hljs.highlightElement(code);
}
