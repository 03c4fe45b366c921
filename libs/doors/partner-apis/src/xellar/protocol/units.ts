const DECIMAL = /^(0|[1-9]\d{0,77})(?:\.(\d{1,77}))?$/;

/** Returns whole units. If the unit has decimals, at least one digit follows the point: `90.0`. */
export function toWhole(amount: bigint, decimals: number): string {
  if (decimals === 0) return amount.toString();
  const digits = amount.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${digits.slice(0, -decimals)}.${fraction || '0'}`;
}

/** Returns the smallest unit as decimal text. The text is empty if the amount is invalid or has too many digits. */
export function toSmallest(amount: string | undefined, decimals: number): string {
  const [, whole = '', fraction = ''] = DECIMAL.exec(amount ?? '') ?? [];
  if (whole === '' || fraction.replace(/0+$/, '').length > decimals) return '';
  return BigInt(`${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`).toString();
}
