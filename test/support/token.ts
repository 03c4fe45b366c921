/** `cs_at_<key id>_`: base64url has underscores too, so the third one is what counts. */
export function headOf(token: string): string {
  return `${token.split('_').slice(0, 3).join('_')}_`;
}

export function bodyOf(token: string): string {
  return token.slice(headOf(token).length);
}
