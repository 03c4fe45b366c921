import { NodeError, type AccountList } from '@countersign/chains';
import { readClaimedDecimals, readClaimedText, type ClaimedNamesResponse } from '@countersign/wallet-reading';
import { readAddress, readHash, type Address, type Asset, type Hash } from '@countersign/evm-blocks';

/** The block and the transaction of a row, as the indexer lists them. */
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
  /** In wei, as `fee`. */
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

/**
 * Reads a row as Etherscan and Blockscout document it: all values are text, numbers in decimal digits.
 * @throws NodeError for anything else
 */
export function readRow(list: AccountList, raw: unknown): SentRow | MovedRow {
  const fields = new RowFields(raw);
  const position: Row = {
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
      ...{ ...position, kind: 'sent', from, to, value: fields.amount('value') },
      createdContract: to === null ? contract : null,
      isSuccessful: !fields.isError(),
      fee: fields.amount('gasUsed') * fields.amount('gasPrice'),
    };
  if (list === 'txlistinternal') {
    const amount = fields.isError() ? 0n : fields.amount('value');
    const internal = { kind: 'internal', asset: { standard: 'native' }, names: null } as const;
    return { ...position, ...internal, from, to: to ?? contract ?? from, amount };
  }
  const token = fields.required(contract);
  return {
    ...{ ...position, kind: 'log', asset: assetOf(list, token, fields), from, to: fields.required(to) },
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

  /** @throws NodeError for a row that does not say whether it failed */
  isError(): boolean {
    const text = this.text('isError');
    return this.required(text === '0' || text === '1' ? text : null) === '1';
  }

  names(): ClaimedNamesResponse {
    const decimals = this.text('tokenDecimal');
    return {
      symbol: readClaimedText(this.row['tokenSymbol']),
      name: readClaimedText(this.row['tokenName']),
      decimals: readClaimedDecimals(DECIMAL.test(decimals) ? Number(decimals) : NaN),
    };
  }
}
