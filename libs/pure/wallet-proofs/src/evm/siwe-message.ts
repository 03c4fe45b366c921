import { accepted, isLongerThan, refused, type Result } from '@countersign/text';
import { SiweMessage } from '@signinwithethereum/siwe';
import { showEvmAddress, type EvmAddress } from './evm-address';

/** Of a text that is no message of EIP-4361. */
type SiweRefusal = 'message_too_long' | 'message_malformed';

/** What the service says in a message that it issues. */
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
 * Reads a message by the rules of EIP-4361. What is read is written again and has to give the same bytes, so no text
 * has a second reading. The nonce is bounded, the address needs its EIP-55 checksum. Nothing in `text` makes it throw.
 *
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

/**
 * The message of a challenge.
 *
 * @throws RangeError for a challenge that no message can hold, such as a statement of two lines
 */
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
    // The library warns of an address without a checksum, also of one whose checksum has no capitals.
    warnings.every((warning) => warning.includes('EIP-55')) &&
    // RFC 3339 also allows a lower-case `t` and `z`, which not every wallet shows as a date, and leap seconds.
    [issuedAt, expirationTime, notBefore].every(isDate)
  );
}

function isDate(text: string | undefined): boolean {
  return text === undefined || (!/[tz]/.test(text) && !Number.isNaN(Date.parse(text)));
}
