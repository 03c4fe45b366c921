import { createHmac } from 'node:crypto';

/** Any keys with any values, in the order in which they are sent. */
export type RapidpaceValues = Readonly<Record<string, string | number | null>>;

/**
 * Signs the given values as documented. Shares no code with the verifier, so that both cannot have the same
 * defect.
 */
export function signValues(values: RapidpaceValues, secret: string): string {
  const keys = Object.keys(values).sort();
  const text = keys.reduce((done, key) => done + key + String(values[key] ?? ''), '');
  return createHmac('sha256', Buffer.from(secret)).update(text).digest('base64');
}

/** The ways to write a login link's query. */
export const spellings = {
  'encoded as a whole': (values: RapidpaceValues, hmac: string) =>
    encodeURIComponent(pairsOf(values, (text) => text, hmac)),
  URLSearchParams: (values: RapidpaceValues, hmac: string) => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(values)) query.set(key, String(value ?? ''));
    query.set('x-urm-hmac', hmac);
    return query.toString();
  },
  encodeURIComponent: (values: RapidpaceValues, hmac: string) =>
    pairsOf(values, encodeURIComponent, encodeURIComponent(hmac)),
  'a raw + in the HMAC': (values: RapidpaceValues, hmac: string) => pairsOf(values, encodeURIComponent, hmac),
} as const;

export const spellingNames = Object.keys(spellings) as (keyof typeof spellings)[];

function pairsOf(values: RapidpaceValues, encode: (text: string) => string, hmac: string): string {
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${encode(String(value ?? ''))}`);
  return [...pairs, `x-urm-hmac=${hmac}`].join('&');
}
