import { decodeUtf8, formDecoded } from '@countersign/text';

/** Reads form-encoded id and secret of RFC 7617 (RFC 6749, section 2.3.1). Otherwise `null`. Never throws. */
export function readBasic(authorization: string): { clientId: string; clientSecret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const text = decodeUtf8(Buffer.from(encoded, 'base64')) ?? '';
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  const [clientId, clientSecret] = [formDecoded(text.slice(0, colon)), formDecoded(text.slice(colon + 1))];
  return clientId && clientSecret ? { clientId, clientSecret } : null;
}
