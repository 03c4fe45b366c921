/** A sequence in the form of a UUID, as cursors need it. They are ordered alike. */
export function idOfSequence(sequence: string): string {
  const digits = BigInt(sequence).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function sequenceOfId(id: string): string {
  return BigInt(`0x${id.replaceAll('-', '')}`).toString();
}
