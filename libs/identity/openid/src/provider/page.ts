import { sha256 } from '@countersign/crypto';
import { escapeHtml } from '@countersign/http';

/** The page of an interaction. Its cookie is its id, which a log of paths must not have. */
export function loginPath(id: string): string {
  return `/oidc/login/${sha256(id).toString('hex').slice(0, 32)}`;
}

/** Scripts and styles are files of this service: nothing that a client or a person has named can run. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A page in the colours of the system. @param body as HTML */
export function page(title: string, body: string, script?: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/oidc/files/login.css">
${script === undefined ? '' : `<script src="/oidc/files/${script}" defer></script>`}
</head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>`;
}

/** A button of one of the library's forms. @param look `quiet`, or that of the main one */
export function button(words: string, form: string, name = '', look = ''): string {
  const named = name === '' ? '' : ` name="${name}" value="yes"`;
  return `<button type="submit" form="${form}"${named} class="${look}">${escapeHtml(words)}</button>`;
}
