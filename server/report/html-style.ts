// The style that pages have in common: the editor's colours where there are some, and colours of their own, light and dark, elsewhere.

const LIGHT = `
--page: var(--vscode-editor-background, #ffffff);
--ink: var(--vscode-editor-foreground, #1f2328);
--quiet: var(--vscode-descriptionForeground, #59626c);
--line: var(--vscode-contrastBorder, var(--vscode-panel-border, #d5dae0));
--card: var(--vscode-editorWidget-background, #f6f8fa);
--link: var(--vscode-textLink-foreground, #0a5bb5);
--code: var(--vscode-textCodeBlock-background, #eceff3);
--error: var(--vscode-list-errorForeground, #b42318);
--warning: var(--vscode-list-warningForeground, #855a00);
--information: var(--vscode-textLink-foreground, #0a5bb5);
--good: var(--vscode-gitDecoration-addedResourceForeground, #1a6e31);
--focus: var(--vscode-focusBorder, #0a5bb5);
`;

const DARK = `
--page: var(--vscode-editor-background, #14181d);
--ink: var(--vscode-editor-foreground, #dfe5ec);
--quiet: var(--vscode-descriptionForeground, #9aa6b2);
--line: var(--vscode-contrastBorder, var(--vscode-panel-border, #323b45));
--card: var(--vscode-editorWidget-background, #1a2027);
--link: var(--vscode-textLink-foreground, #78b7ff);
--code: var(--vscode-textCodeBlock-background, #232b34);
--error: var(--vscode-list-errorForeground, #ff8a80);
--warning: var(--vscode-list-warningForeground, #e3b341);
--information: var(--vscode-textLink-foreground, #78b7ff);
--good: var(--vscode-gitDecoration-addedResourceForeground, #56d364);
--focus: var(--vscode-focusBorder, #78b7ff);
`;

/** Themes leave colours out, those of high contrast most. What stands in for them goes by the theme; the system's choice counts elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --mono: var(--vscode-editor-font-family, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);${LIGHT}}
@media (prefers-color-scheme: dark) { :root {${DARK}} }
body:is(.vscode-light, .vscode-high-contrast-light) { color-scheme: light;${LIGHT}}
body:is(.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light)) { color-scheme: dark;${DARK}}
/* An editor's theme need not be that of the system. */
.vscode-light, .vscode-high-contrast-light { color-scheme: light; }
.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light) { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 var(--vscode-font-family, system-ui, -apple-system, "Segoe UI", sans-serif); }
main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { font-size: 24px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 40px 0 12px; }
p { margin: 6px 0; }
.quiet { color: var(--quiet); }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 12px 0 0; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
code { font-family: var(--mono); font-size: 12.5px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 7px 12px 7px 0; border-top: 1px solid var(--line); }
th { font-weight: 500; }
thead th { color: var(--quiet); border-top: 0; }
summary { cursor: pointer; }
footer { margin-top: 48px; color: var(--quiet); border-top: 1px solid var(--line); padding-top: 12px; }
`;
