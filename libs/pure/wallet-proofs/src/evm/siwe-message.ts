import { accepted, isLongerThan, refused, type Result } from '@countersign/text';
import { SiweMessage } from '@signinwithethereum/siwe';
import { showEvmAddress, type EvmAddress } from './evm-address';

/** Codes for a text that is no EIP-4361 message. */
type SiweRefusal = 'message_too_long' | 'message_malformed';

/** The fields of a message that the service issues. */
export interface SiweChallenge {
  /** The authority of the application's origin: host, and its port unless it is the default one. */
  readonly domain: string;
  readonly address: EvmAddress;
  readonly uri: string;
  readonly chainId: number;
  /** 8 to 128 letters and digits. */
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expirationTime: Date;
  /** One line of ASCII that names the purpose. */
  readonly statement: string;
}

export const MAX_SIWE_BYTES = 4096;
const NONCE = /^[A-Za-z0-9]{8,128}$/;

/**
 * Reads a message by EIP-4361. Writing it again must give the same bytes, so no text has a second reading. The nonce is
 * bounded, and the address needs its EIP-55 checksum. `text` cannot make it throw.
 * @see https://eips.ethereum.org/EIPS/eip-4361
 */
export function readSiweMessage(text: string): Result<SiweMessage, SiweRefusal> {
  if (isLongerThan(MAX_SIWE_BYTES, text)) return refused('message_too_long');
  try {
    const message = new SiweMessage(text);
    if (isAcceptable(message) && message.toMessage() === text) return accepted(message);
  } catch {
    // The library throws for a text that is no message.
  }
  return refused('message_malformed');
}

/** @throws RangeError for a challenge that fits into no message, such as a statement of two lines */
export function siweMessage({ address, issuedAt, expirationTime, ...challenge }: SiweChallenge): string {
  try {
    const text = new SiweMessage({
      ...challenge,
      address: showEvmAddress(address),
      version: '1',
      issuedAt: issuedAt.toISOString(),
      expirationTime: expirationTime.toISOString(),
    }).toMessage();
    const read = readSiweMessage(text);
    if (read.ok && read.value.domain === challenge.domain) return text;
  } catch {
    // The library throws for fields that no message has.
  }
  throw new RangeError('no Sign-In with Ethereum message can hold this challenge');
}

function isAcceptable(message: SiweMessage): boolean {
  const { address, nonce, chainId, version, issuedAt, expirationTime, notBefore, warnings } = message;
  return (
    version === '1' &&
    issuedAt !== undefined &&
    NONCE.test(nonce) &&
    Number.isSafeInteger(chainId) &&
    chainId > 0 &&
    address === showEvmAddress(address.toLowerCase() as EvmAddress) &&
    // The library warns about an address without a checksum, also if the checksum has no capitals.
    warnings.every((warning) => warning.includes('EIP-55')) &&
    // RFC 3339 also allows leap seconds, and lower-case `t` and `z`, which not every wallet shows as a date.
    [issuedAt, expirationTime, notBefore].every(isDate)
  );
}

function isDate(text: string | undefined): boolean {
  return text === undefined || (!/[tz]/.test(text) && !Number.isNaN(Date.parse(text)));
}
