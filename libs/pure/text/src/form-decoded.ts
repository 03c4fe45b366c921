/**
 * Decodes one name or value of form-encoded text. Undefined for bad percent-encoding and bytes that are not
 * UTF-8.
 */
export function formDecoded(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
