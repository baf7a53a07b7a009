// What the glossary's site has on top of the style of cards.

export const SITE_STYLE = `
.cards { columns: 14em; list-style: none; padding: 0; margin: 0; }
.cards li { margin: 0; padding: 2px 0; break-inside: avoid; }
form[role=search] { margin: 16px 0; }
form label { display: block; color: var(--quiet); }
input[type=search] { width: 100%; font: inherit; padding: 8px 12px; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
#found { list-style: none; padding: 0; }
#found li { margin: 0 0 10px; }
#found small { display: block; color: var(--quiet); }
details { margin: 16px 0; }
`;
