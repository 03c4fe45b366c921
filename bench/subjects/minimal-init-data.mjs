import { createHmac, createPublicKey, createSecretKey, timingSafeEqual, verify } from 'node:crypto';
import { URLSearchParams } from 'node:url';

/** Seconds. */
const MAX_AGE = 86_400;

/** What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Both checks of Telegram's init data in as few lines as they take. @returns the person, or null when a check fails
 */
export function initDataVerifier({ botToken, publicKeyHex }) {
  const [botId] = botToken.split(':');
  const hmacKey = createSecretKey(createHmac('sha256', 'WebAppData').update(botToken).digest());
  const der = Buffer.concat([DER_PREFIX, Buffer.from(publicKeyHex, 'hex')]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });

  return (raw) => {
    const fields = new URLSearchParams(raw);
    const { hash, signature, auth_date: authDate, user } = Object.fromEntries(fields);
    if (!hash || !signature || !user) return null;
    if (Math.abs(Date.now() / 1000 - Number(authDate)) > MAX_AGE) return null;

    fields.sort();
    fields.delete('hash');
    const claimed = Buffer.from(hash, 'hex');
    const actual = createHmac('sha256', hmacKey).update(linesOf(fields)).digest();
    if (claimed.length !== actual.length || !timingSafeEqual(claimed, actual)) return null;

    fields.delete('signature');
    const signed = Buffer.from(`${botId}:WebAppData\n${linesOf(fields)}`);
    const isSigned = verify(null, signed, publicKey, Buffer.from(signature, 'base64url'));
    return isSigned ? JSON.parse(user) : null;
  };
}

function linesOf(fields) {
  return Array.from(fields, ([name, value]) => `${name}=${value}`).join('\n');
}
