import { accepted, refused, type Result } from '@countersign/text';
import { isReadable, membersOf } from '../../fields';
import { readChainId, readEvmAddress, readTonAddress, type ReadChain } from '@countersign/wallet-proofs';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { refusedSend, type SendRefusal, type SendResult } from '../send-refusals';
import type { SendIntent, SendKind } from './send-intent';

interface AddressReader {
  /** The stored form; null for a value that is no address of the chain. */
  readonly addressOf: (value: unknown) => string | null;
  readonly isZero: (address: string) => boolean;
  /** The smallest unit, from decimal text without leading zeros; null for other values. */
  readonly amountOf: (value: unknown) => bigint | null;
}

/** EVM amounts have 256 bits, TON amounts 120. */
const MAX_UINT256 = 2n ** 256n - 1n;
const MAX_COINS_OF_TON = 2n ** 120n - 1n;
const DECIMAL = /^(?:0|[1-9][0-9]{0,77})$/;

const evmReader: AddressReader = {
  addressOf: (value) => {
    const address = typeof value === 'string' ? readEvmAddress(value) : null;
    return address?.ok ? address.value : null;
  },
  isZero: (address) => /^0x0{40}$/.test(address),
  amountOf: (value) => amountOf(value, MAX_UINT256),
};

function addressReaderOf(chain: ReadChain): AddressReader {
  if (chain.namespace === 'eip155') return evmReader;
  const isTest = chain.network === '-3';
  return {
    addressOf: (value) => {
      const address = typeof value === 'string' ? readTonAddress(value) : null;
      // The raw form does not name its network.
      return address?.ok && (address.value.isTest ?? isTest) === isTest ? address.value.raw : null;
    },
    isZero: (address) => /:0{64}$/.test(address),
    amountOf: (value) => amountOf(value, MAX_COINS_OF_TON),
  };
}

function amountOf(value: unknown, max: bigint): bigint | null {
  const amount = typeof value === 'string' && DECIMAL.test(value) ? BigInt(value) : null;
  return amount !== null && amount <= max ? amount : null;
}

export interface Sender {
  /** CAIP-2, in the form of `readChainId`. */
  readonly chain: string;
  /** The sending wallet's address, in the form of `readEvmAddress`, or raw on TON. */
  readonly address: string;
}

interface Context {
  readonly reader: AddressReader;
  readonly sender: string;
  readonly read: Readonly<Record<string, unknown>>;
}
type Field = (value: unknown, context: Context) => Result<unknown, SendRefusal>;

const MAX_DATA_BYTES = 12_288;
const MAX_COMMENT_BYTES = 512;

/** A called contract is neither the zero address nor the wallet itself. */
const contract: Field = (value, { reader, sender }) => {
  const address = reader.addressOf(value);
  const isContract = address !== null && !reader.isZero(address) && address !== sender;
  return isContract ? accepted(address) : refused('send.address_invalid');
};

/** The recipient must not be the contract of the asset, which is read first. */
const recipient: Field = (value, { reader, sender, read }) => {
  const to = reader.addressOf(value);
  if (to === null) return refused('send.address_invalid');
  if (reader.isZero(to)) return refused('send.to_zero_address');
  if (to === sender) return refused('send.to_own_wallet');
  return Object.values(read).includes(to) ? refused('send.to_token_contract') : accepted(to);
};

const number: Field = (value, { reader }) => {
  const read = reader.amountOf(value);
  return read === null ? refused('send.amount_invalid') : accepted(read);
};

const amount: Field = (value, context) => {
  const read = number(value, context);
  return read.ok && read.value === 0n ? refused('send.amount_zero') : read;
};

const standard: Field = (value) =>
  value === 'erc721' || value === 'erc1155' ? accepted(value) : refused('send.intent_malformed');

/** 1 if it is absent. ERC-721 has no amounts. */
const amountOfCollectible: Field = (value, context) => {
  if (value === undefined) return accepted(1n);
  return context.read['standard'] === 'erc1155' ? amount(value, context) : refused('send.intent_malformed');
};

const data: Field = (value) => {
  if (typeof value !== 'string') return refused('send.intent_malformed');
  if (value.length > 2 + 2 * MAX_DATA_BYTES) return refused('send.data_too_large');
  const isCall = /^0x(?:[0-9a-fA-F]{2}){4,}$/.test(value);
  return isCall ? accepted(value.toLowerCase()) : refused('send.intent_malformed');
};

/** The comment is public on the chain. */
const comment: Field = (value) => {
  if (value === undefined) return accepted(null);
  const isComment =
    typeof value === 'string' && isReadable(value) && Buffer.byteLength(value) <= MAX_COMMENT_BYTES;
  return isComment ? accepted(value) : refused('send.intent_malformed');
};

/** The order of the fields is the reading order. */
const kinds: Readonly<
  Record<'eip155' | 'ton', Readonly<Partial<Record<SendKind, Readonly<Record<string, Field>>>>>>
> = {
  eip155: {
    coin: { to: recipient, amount },
    token: { token: contract, to: recipient, amount },
    collectible: { standard, contract, tokenId: number, to: recipient, amount: amountOfCollectible },
    call: { contract, data, value: number },
  },
  ton: {
    coin: { to: recipient, amount, comment },
    jetton: { master: contract, to: recipient, amount, comment },
    collectible: { item: contract, to: recipient },
  },
};
const allKinds: readonly unknown[] = Object.values(kinds).flatMap((ofChain) => Object.keys(ofChain));

/** Exactly `kind` and its fields. Amounts are decimal text. @throws RangeError for an invalid `chain` or `address` */
export function readSendIntent(json: unknown, { chain, address }: Sender): SendResult<SendIntent> {
  const read = readChainId(chain);
  if (!read.ok || read.value.id !== chain) throw new RangeError('the sender needs a chain id');
  const reader = addressReaderOf(read.value);
  if (reader.addressOf(address) !== address) throw new RangeError('the sender needs an address of its chain');

  const kind = typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined;
  if (!allKinds.includes(kind)) return refusedSend('send.intent_malformed', 'kind');
  const fields = kinds[read.value.namespace][kind as SendKind];
  if (!fields) return refusedSend('send.chain_unsupported', 'kind');
  const members = membersOf(json, ['kind', ...Object.keys(fields)]);
  if (!members) return refusedSend('send.intent_malformed');

  const intent: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = field(members.get(name), { reader, sender: address, read: intent });
    if (!value.ok) return refusedSend(value.code, name);
    intent[name] = value.value;
  }
  return accepted({ kind, ...intent } as SendIntent);
}

/** The content that a person confirms. */
export interface ConfirmedSend extends Sender {
  readonly intent: SendIntent;
  /** The highest fee of the send, in the smallest unit of the coin. */
  readonly maxFee: bigint;
}

/** SHA-256 over chain, wallet, highest fee, and each member of the intent with its name, all length-prefixed. */
export function sendDigest({ chain, address, intent, maxFee }: ConfirmedSend): Buffer {
  const members = Object.entries(intent).filter(([, value]) => value !== null) as [string, string | bigint][];
  members.sort(([first], [second]) => (first < second ? -1 : 1));
  return sha256(
    lengthPrefixed([
      ...['countersign wallet send', chain, address, String(maxFee)],
      ...members.flatMap(([name, value]) => [name, String(value)]),
    ]),
  );
}
