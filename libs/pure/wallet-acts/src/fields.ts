/** An object's own members; null for another value, and for a member that is not in `names`. */
export function membersOf(value: unknown, names: readonly string[]): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value);
  return entries.every(([name]) => names.includes(name)) ? new Map(entries) : null;
}

/** Decimal or `0x` hex text, or a number within 2^53. Null for other values. */
export function wholeNumber(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  if (typeof value !== 'string') return null;
  return /^(?:0|-?[1-9][0-9]{0,77}|0x[0-9a-fA-F]{1,64})$/.test(value) ? BigInt(value) : null;
}

/** From 0 to `max`. Null for other values. */
export function quantity(value: unknown, max: bigint): bigint | null {
  const number = wholeNumber(value);
  return number !== null && number >= 0n && number <= max ? number : null;
}

/** `0x` and pairs of hex digits. Null for other values. */
export function hexBytes(value: unknown): Buffer | null {
  return typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value)
    ? Buffer.from(value.slice(2), 'hex')
    : null;
}

/** Padded standard base64 in its canonical form. Null for other values. */
export function base64Bytes(value: unknown): Buffer | null {
  if (typeof value !== 'string') return null;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : null;
}

export function hexOf(bytes: Buffer): `0x${string}` {
  return `0x${bytes.toString('hex')}`;
}

export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

/**
 * Text that a person cannot read: control characters except line feeds and tabs, other line and paragraph ends, and
 * characters that reorder text or are invisible. Joiners and variation selectors stay: emoji and some scripts need
 * them.
 */
const UNREADABLE =
  /(?!\n|\t|\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

export function isReadable(text: string): boolean {
  return text !== '' && text.isWellFormed() && !UNREADABLE.test(text);
}
