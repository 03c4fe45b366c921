import type { SendCall } from '@countersign/wallet-acts';
import { readEvmAddress } from '@countersign/wallet-proofs';
import type { XellarEstimateRequest } from '../dto/sending.dto';
import { toSmallest } from './units';

export interface Units {
  readonly coin: number;
  /** It is `null` if no token is sent. */
  readonly token: number | null;
}

type SendRequest = Readonly<Record<string, unknown>>;

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;
const NO_DATA = new Set<unknown>([undefined, null, '', '0x']);

/** Builds the request of an embedded wallet's send. The embedded wallets refuse invalid values. */
export function toSendRequest(wanted: XellarEstimateRequest, { coin, token }: Units): SendRequest {
  const { type, to, amount, tokenId, tokenAddress } = wanted;
  const collectible = { kind: 'collectible', contract: tokenAddress, tokenId, to };
  switch (type) {
    case 'send-coin':
      return { kind: 'coin', to, amount: toSmallest(amount, coin) };
    case 'send-token':
      return { kind: 'token', token: tokenAddress, to, amount: toSmallest(amount, token ?? 0) };
    case 'transfer-erc721':
      return { ...collectible, standard: 'erc721' };
    case 'transfer-erc1155':
      return { ...collectible, standard: 'erc1155', amount: wanted.tokenAmount ?? amount };
    case 'custom':
      return toTransactionRequest(wanted.transaction ?? {});
    default:
      return {};
  }
}

function toTransactionRequest({ to, data, value }: SendRequest): SendRequest {
  const amount = toDecimal(value);
  return NO_DATA.has(data)
    ? { kind: 'coin', to, amount }
    : { kind: 'call', contract: to, data, value: amount };
}

/** Returns the transaction's call unchanged, or `null` if it is invalid. */
export function toCall({ to, data, value }: SendRequest): SendCall | null {
  const address = typeof to === 'string' ? readEvmAddress(to) : null;
  const amount = toDecimal(value);
  const bytes = NO_DATA.has(data) ? '0x' : data;
  if (!address?.ok || amount === '' || typeof bytes !== 'string' || !HEX.test(bytes)) return null;
  return { to: address.value, value: BigInt(amount), data: bytes as SendCall['data'] };
}

/** Clients send numbers, decimal text and hex. Any other value gives an empty text. */
function toDecimal(value: unknown): string {
  if (value === undefined || value === null) return '0';
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : '';
  const isNumber = typeof value === 'string' && /^(?:0x[0-9a-fA-F]{1,64}|\d{1,78})$/.test(value);
  return isNumber ? BigInt(value).toString() : '';
}
