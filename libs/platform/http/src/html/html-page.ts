import { escapeHtml } from '../problems/problem.filter';

interface HtmlFiles {
  readonly style: string;
  readonly script?: string | undefined;
}

/** Scripts and styles are files of this service, so no text of a client or a person can run. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A name as HTML. It cannot change the direction of the text around it. */
export function nameInPage(name: string): string {
  return `<bdi>${escapeHtml(name.replaceAll(/\p{Bidi_Control}/gu, ''))}</bdi>`;
}

/** @param title as HTML @param body as HTML @param files the URLs of its style and its script */
export function htmlPage(title: string, body: string, files: HtmlFiles): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title.replaceAll(/<\/?bdi>/g, '')}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${files.style}">
${files.script === undefined ? '' : `<script src="${files.script}" defer></script>`}
</head>
<body><main><h1>${title}</h1>
${body}
</main></body>
</html>`;
}

/** @param look the class: `quiet`, or empty for the main button */
export function button(words: string, form: string, name = '', look = ''): string {
  const named = name === '' ? '' : ` name="${name}" value="yes"`;
  return `<button type="submit" form="${form}"${named} class="${look}">${escapeHtml(words)}</button>`;
}

export const HTML_STYLE = `:root {
  color-scheme: light dark;
  --page: light-dark(#f3f5f8, #10151b);
  --card: light-dark(#ffffff, #19212a);
  --text: light-dark(#14181d, #eef2f6);
  --hint: light-dark(#55606d, #a3b1c0);
  --main: light-dark(#14599f, #6fb5fa);
  --main-text: light-dark(#ffffff, #06182b);
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { width: min(26rem, 100%); padding: 2rem 1.5rem; border-radius: 1rem; background: var(--card); }
main { text-align: center; overflow-wrap: anywhere; }
h1 { margin: 0 0 0.5rem; font-size: 1.4rem; }
ul { text-align: left; }
.qr { width: 13rem; margin: 1rem auto; padding: 0.75rem; border-radius: 0.75rem; background: #ffffff; }
.qr svg { display: block; width: 100%; }
.number { margin: 0.25rem 0; font-size: 3rem; font-weight: 700; letter-spacing: 0.1em; }
.hint, #state { color: var(--hint); }
a.button, button, input[type='text'] { width: 100%; margin-top: 0.75rem; padding: 0.75rem; font: inherit; }
a.button, button { display: block; border: 0; border-radius: 0.6rem; background: var(--main); }
a.button, button { color: var(--main-text); font-weight: 600; text-decoration: none; cursor: pointer; }
a.quiet, button.quiet { background: transparent; color: var(--main); }
[hidden] { display: none; }
`;
