import { readCookie } from '@countersign/admin';

const cookies = {
  /** Lax: the browser comes back from Telegram. */
  login: { name: '__Host-wallet-permission-login', sameSite: 'Lax', seconds: 600 },
  /** As long as the grant in it is good. */
  grant: { name: '__Host-wallet-permission', sameSite: 'Strict', seconds: 300 },
} as const;

/** @param value `null` deletes it */
export function cookieOf(kind: keyof typeof cookies, value: string | null): string {
  const { name, sameSite, seconds } = cookies[kind];
  const maxAge = value === null ? 0 : seconds;
  return `${name}=${value ?? ''}; Max-Age=${maxAge}; Path=/; Secure; HttpOnly; SameSite=${sameSite}`;
}

export function valueOf(kind: keyof typeof cookies, header: string | undefined): string | null {
  return readCookie(header, cookies[kind].name);
}
