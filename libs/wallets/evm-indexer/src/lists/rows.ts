import { NodeError, type AccountList } from '@countersign/chains';
import { decodeVisibleText } from '@countersign/text';
import type { ClaimedNamesResponse } from '@countersign/wallet-reading';
import { readAddress, readHash, type Address, type Asset, type Hash } from '@countersign/evm-blocks';

const MAX_NAME_BYTES = 256;

/** What an indexer says of where something happened. */
export interface Row {
  readonly hash: Hash;
  readonly number: number;
  /** Internal transfers have none. */
  readonly blockHash: Hash | null;
  /** Unix seconds. */
  readonly at: number;
  /** Of the transaction in its block. */
  readonly index: number | null;
}

/** A transaction from or to the wallet. */
export interface SentRow extends Row {
  readonly kind: 'sent';
  readonly from: Address;
  readonly to: Address | null;
  readonly createdContract: Address | null;
  readonly value: bigint;
  readonly isSuccessful: boolean;
  readonly fee: bigint;
}

/** A transfer that is no transaction by itself. */
export interface MovedRow extends Row {
  readonly kind: 'log' | 'internal';
  readonly asset: Asset;
  readonly from: Address;
  readonly to: Address;
  readonly amount: bigint;
  readonly names: ClaimedNamesResponse | null;
}

const DECIMAL = /^(?:0|[1-9]\d{0,77})$/;
const MAX_UINT256 = 2n ** 256n - 1n;
/** As long as a cursor may be. */
const MAX_BLOCK = 999_999_999_999_999;
/** The end of the year 9999. */
const MAX_AT = 253_402_300_799;
const MAX_DECIMALS = 77;

/**
 * Reads a row as Etherscan and Blockscout document it: all values are text, numbers in decimal digits.
 * @throws NodeError for anything else
 */
export function readRow(list: AccountList, raw: unknown): SentRow | MovedRow {
  const fields = new RowFields(raw);
  const place: Row = {
    hash: fields.hash('hash') ?? fields.required(fields.hash('transactionHash')),
    number: fields.number('blockNumber', MAX_BLOCK),
    blockHash: fields.hash('blockHash'),
    at: fields.number('timeStamp', MAX_AT),
    index: fields.text('transactionIndex') === '' ? null : fields.number('transactionIndex'),
  };
  const from = fields.required(fields.address('from'));
  const to = fields.address('to');
  const contract = fields.address('contractAddress');
  if (list === 'txlist')
    return {
      ...{ ...place, kind: 'sent', from, to, value: fields.amount('value') },
      createdContract: to === null ? contract : null,
      isSuccessful: !fields.isError(),
      fee: fields.amount('gasUsed') * fields.amount('gasPrice'),
    };
  if (list === 'txlistinternal') {
    const amount = fields.isError() ? 0n : fields.amount('value');
    const internal = { kind: 'internal', asset: { standard: 'native' }, names: null } as const;
    return { ...place, ...internal, from, to: to ?? contract ?? from, amount };
  }
  const token = fields.required(contract);
  return {
    ...{ ...place, kind: 'log', asset: assetOf(list, token, fields), from, to: fields.required(to) },
    amount: list === 'tokennfttx' ? 1n : fields.amount(list === 'tokentx' ? 'value' : 'tokenValue'),
    names: fields.names(),
  };
}

function assetOf(list: AccountList, contract: Address, fields: RowFields): Asset {
  if (list === 'tokentx') return { standard: 'erc20', contract };
  const standard = list === 'tokennfttx' ? 'erc721' : 'erc1155';
  return { standard, contract, tokenId: fields.amount('tokenID') };
}

class RowFields {
  private readonly row: Readonly<Record<string, unknown>>;

  constructor(raw: unknown) {
    this.row = this.required(typeof raw === 'object' && !Array.isArray(raw) ? raw : null) as typeof this.row;
  }

  required<T>(value: T | null): T {
    if (value === null) throw new NodeError('away', { reason: 'malformed_row' });
    return value;
  }

  text(name: string): string {
    const value = this.row[name];
    return typeof value === 'string' ? value : '';
  }

  hash(name: string): Hash | null {
    return readHash(this.text(name)) ?? null;
  }

  address(name: string): Address | null {
    const text = this.text(name);
    return text === '' ? null : this.required(readAddress(text) ?? null);
  }

  amount(name: string): bigint {
    const text = this.text(name);
    const amount = DECIMAL.test(text) ? BigInt(text) : null;
    return this.required(amount !== null && amount <= MAX_UINT256 ? amount : null);
  }

  number(name: string, most = Number.MAX_SAFE_INTEGER): number {
    const amount = this.amount(name);
    return Number(this.required(amount <= BigInt(most) ? amount : null));
  }

  /** A row that does not say whether it failed says too little. */
  isError(): boolean {
    const text = this.text('isError');
    return this.required(text === '0' || text === '1' ? text : null) === '1';
  }

  names(): ClaimedNamesResponse {
    const decimals = this.text('tokenDecimal');
    return {
      symbol: visible(this.text('tokenSymbol')),
      name: visible(this.text('tokenName')),
      decimals: DECIMAL.test(decimals) && Number(decimals) <= MAX_DECIMALS ? Number(decimals) : null,
    };
  }
}

/** Of a stranger, at most 256 bytes; `null` where nothing of it is seen. */
function visible(text: string): string | null {
  const bytes = Buffer.from(text);
  return bytes.length > MAX_NAME_BYTES ? null : (decodeVisibleText(bytes) ?? null);
}
