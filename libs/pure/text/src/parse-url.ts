/**
 * `null` for a text that is no URL. `URL.canParse` of Node 20 and 22 refuses letters beyond ASCII after some thousands
 * of calls (https://github.com/AikidoSec/firewall-node/pull/1086).
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
