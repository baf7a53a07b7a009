// The style of cards, on top of the report's: a column to read, and colours for examples.

export const CARD_STYLE = `
main.card { max-width: 46em; padding-top: 20px; }
.card h1 { font-size: 22px; margin: 0 0 6px; }
.card h2 { font-size: 15px; margin: 24px 0 6px; }
.card li { margin: 3px 0; }
.card hr { border: 0; border-top: 1px solid var(--line); margin: 20px 0; }
.card code { background: var(--code); border-radius: 4px; padding: 1px 4px; overflow-wrap: anywhere; }
.card h1 code, .card a code { background: none; padding: 0; font-size: inherit; }
.card pre { background: var(--code); border-radius: 6px; padding: 10px 14px; overflow-x: auto; line-height: 1.45; }
.card pre code { background: none; padding: 0; overflow-wrap: normal; }
.card table { margin: 6px 0; }
.card td code { background: none; padding: 0; }
.hljs-comment { color: var(--quiet); font-style: italic; }
.hljs-keyword, .hljs-literal, .hljs-built_in { color: var(--keyword, #6f3fcf); }
.hljs-string { color: var(--string, #0a5c2f); }
.hljs-number { color: var(--number, #0550ae); }
.hljs-title, .hljs-meta { color: var(--name, #953800); }
.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light) { --keyword: #c586c0; --string: #ce9178; --number: #b5cea8; --name: #dcdcaa; }
@media (prefers-color-scheme: dark) { :root { --keyword: #d2a8ff; --string: #a5d6ff; --number: #79c0ff; --name: #ffa657; } }
.vscode-light, .vscode-high-contrast-light { --keyword: #6f3fcf; --string: #0a5c2f; --number: #0550ae; --name: #953800; }
`;
