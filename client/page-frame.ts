// The frame around the server's report page: its content security policy and the one script that may run in it.

/** A word nobody can guess, for one page only. */
export function createNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Adds the policy and the script to a page. The policy comes on top of the page's own (a browser applies both), so that a fault
 * in the server's escaping still runs nothing and loads nothing.
 */
export function framePage(page: string, nonce: string, script: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const withPolicy = page.includes('<head>') ? page.replace('<head>', () => `<head>${head}`) : `<!DOCTYPE html><head>${head}</head>${page}`;
  const tag = `<script nonce="${nonce}" src="${script}"></script>`;
  const end = withPolicy.lastIndexOf('</body>');
  return end < 0 ? withPolicy + tag : withPolicy.slice(0, end) + tag + withPolicy.slice(end);
}

/** What the report's view shows at once and around the report: what is going on, and room for the report, which the script fills. */
export function shellPage(notice: string, nonce: string, script: string): string {
  const text = notice.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Concurrency Report</title>
<style nonce="${nonce}" id="report-style"></style><style nonce="${nonce}">${SHELL_STYLE}</style></head><body>
<div id="notice"><span>${text}</span><progress aria-hidden="true"></progress></div><div id="said" role="status"></div><div id="report"></div></body></html>`;
  return framePage(page, nonce, script);
}

/** The notice is the first thing on an empty page, and at its foot once there is a report to read. */
const SHELL_STYLE = `
#said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
#notice { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; padding: 10px 20px; font: 13px/1.4 var(--vscode-font-family, system-ui, sans-serif); color: var(--vscode-foreground, CanvasText); background: var(--vscode-editorWidget-background, Canvas); border: 0 solid var(--vscode-editorWidget-border, GrayText); }
#notice[hidden] { display: none; }
#notice:has(~ #report:not(:empty)) { position: fixed; z-index: 9; inset: auto 0 0; border-top-width: 1px; padding-block: 6px; }
#notice:not([hidden]) ~ #report { padding-bottom: 44px; }
#notice progress { flex: 0 1 220px; min-width: 80px; height: 6px; accent-color: var(--vscode-progressBar-background, Highlight); }
#notice button { font: inherit; padding: 3px 12px; border: 1px solid var(--vscode-button-border, transparent); border-radius: 3px; color: var(--vscode-button-foreground, ButtonText); background: var(--vscode-button-background, ButtonFace); cursor: pointer; }
#notice button:hover { background: var(--vscode-button-hoverBackground, ButtonFace); }
#notice button:focus-visible { outline: 2px solid var(--vscode-focusBorder, Highlight); outline-offset: 2px; }
`;
