/**
 * The URL of a text, or `null` where it is none. Use it instead of `URL.canParse`: in Node 20 and 22 that refuses letters
 * beyond ASCII once it was called some thousands of times (https://github.com/AikidoSec/firewall-node/pull/1086).
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
