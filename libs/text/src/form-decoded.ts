/** Decodes one name or value of a form-encoded text. Nothing for bad percent-encoding and bytes that are not UTF-8. */
export function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
