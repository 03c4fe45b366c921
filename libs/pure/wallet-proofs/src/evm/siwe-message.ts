import { accepted, refused, type Result } from '@countersign/errors';
import { isLongerThan } from '@countersign/text';
import { SiweMessage as ParsedSiweMessage } from '@signinwithethereum/siwe';
import { showEvmAddress, type EvmAddress } from './evm-address';

/** The fields of a Sign-In with Ethereum message. Dates are RFC 3339 texts, exactly as written. */
export interface SiweFields {
  readonly scheme?: string;
  /** RFC 3986 authority. */
  readonly domain: string;
  /** With its EIP-55 checksum. */
  readonly address: string;
  readonly statement?: string;
  readonly uri: string;
  readonly version: '1';
  readonly chainId: number;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expirationTime?: string;
  readonly notBefore?: string;
  readonly requestId?: string;
  readonly resources?: readonly string[];
}

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
  readonly requestId?: string;
}

export const MAX_SIWE_BYTES = 4096;
const NONCE = /^[A-Za-z0-9]{8,128}$/;
const OPTIONAL_FIELDS = ['scheme', 'statement', 'expirationTime', 'notBefore', 'requestId'] as const;
const DATES = ['issuedAt', 'expirationTime', 'notBefore'] as const;

/**
 * Reads a message by the rules of EIP-4361. What is read is written again and has to give the same bytes, so no text
 * has a second reading. The nonce is bounded, the address needs its EIP-55 checksum. Nothing in `text` makes it throw.
 *
 * @see https://eips.ethereum.org/EIPS/eip-4361
 */
export function readSiweMessage(text: string): Result<SiweFields, SiweRefusal> {
  if (isLongerThan(MAX_SIWE_BYTES, text)) return refused('message_too_long');
  const fields = parsed(text);
  if (!fields || !isAcceptable(fields) || serialized(fields) !== text) {
    return refused('message_malformed');
  }
  return accepted(fields);
}

/** The text of a message with these fields; a refusal for fields that no message holds, as they are. */
export function writeSiweMessage(fields: SiweFields): Result<string, SiweRefusal> {
  const text = serialized(fields);
  const read = readSiweMessage(text);
  if (!read.ok) return read;
  return haveSameFields(read.value, fields) ? accepted(text) : refused('message_malformed');
}

/**
 * The message of a challenge.
 *
 * @throws RangeError for a challenge that no message can hold, such as a statement of two lines
 */
export function siweMessage(challenge: SiweChallenge): string {
  const text = writeSiweMessage({
    ...challenge,
    address: showEvmAddress(challenge.address),
    version: '1',
    issuedAt: challenge.issuedAt.toISOString(),
    expirationTime: challenge.expirationTime.toISOString(),
  });
  if (!text.ok) throw new RangeError('no Sign-In with Ethereum message can hold this challenge');
  return text.value;
}

/** Whether two messages say the same: a field that one has and the other has not is a difference. */
export function haveSameFields(a: SiweFields, b: SiweFields): boolean {
  const { resources: listA, ...restA } = a;
  const { resources: listB, ...restB } = b;
  const names = new Set([...Object.keys(restA), ...Object.keys(restB)]) as Set<keyof typeof restA>;
  return (
    [...names].every((name) => restA[name] === restB[name]) &&
    listA?.length === listB?.length &&
    (listA ?? []).every((resource, index) => resource === listB?.[index])
  );
}

function serialized(fields: SiweFields): string {
  const { scheme, domain, address, statement, uri, version, chainId, nonce, issuedAt } = fields;
  const lines = [
    `${scheme === undefined ? '' : `${scheme}://`}${domain} wants you to sign in with your Ethereum account:`,
    address,
    '',
    ...(statement === undefined ? [] : [statement]),
    '',
    `URI: ${uri}`,
    `Version: ${version}`,
    `Chain ID: ${String(chainId)}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
  ];
  if (fields.expirationTime !== undefined) lines.push(`Expiration Time: ${fields.expirationTime}`);
  if (fields.notBefore !== undefined) lines.push(`Not Before: ${fields.notBefore}`);
  if (fields.requestId !== undefined) lines.push(`Request ID: ${fields.requestId}`);
  if (fields.resources) lines.push('Resources:', ...fields.resources.map((resource) => `- ${resource}`));
  return lines.join('\n');
}

function parsed(text: string): SiweFields | null {
  try {
    const message = new ParsedSiweMessage(text);
    // The library warns of an address without a checksum, also of one whose checksum has no capitals: see isAcceptable.
    if (message.warnings.some((warning) => !warning.includes('EIP-55'))) return null;
    const { domain, address, uri, version, chainId, nonce, issuedAt, resources } = message;
    if (version !== '1' || issuedAt === undefined) return null;
    const optional = OPTIONAL_FIELDS.flatMap((name) =>
      message[name] === undefined ? [] : [[name, message[name]]],
    );
    return {
      ...(Object.fromEntries(optional) as Pick<SiweFields, (typeof OPTIONAL_FIELDS)[number]>),
      ...(resources ? { resources } : {}),
      ...{ domain, address, uri, version, chainId, nonce, issuedAt },
    };
  } catch {
    return null;
  }
}

function isAcceptable(fields: SiweFields): boolean {
  const { address, nonce, chainId } = fields;
  return (
    NONCE.test(nonce) &&
    Number.isSafeInteger(chainId) &&
    chainId > 0 &&
    address === showEvmAddress(address.toLowerCase() as EvmAddress) &&
    // RFC 3339 also allows a lower-case `t` and `z`, which not every wallet shows as a date, and leap seconds.
    DATES.every((name) => isDate(fields[name]))
  );
}

function isDate(text: string | undefined): boolean {
  return text === undefined || (!/[tz]/.test(text) && !Number.isNaN(Date.parse(text)));
}
