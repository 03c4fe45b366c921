/**
 * A phone number in E.164: `+` and 7 to 15 digits, the first of them not zero. `null` for anything else.
 * Telegram's contacts have the leading `+`, its OpenID Connect has not; neither groups digits.
 */
export function normalizePhoneNumber(text: string): string | null {
  const digits = /^\+?([1-9][0-9]{6,14})$/.exec(text)?.[1];
  return digits === undefined ? null : `+${digits}`;
}
