import { isRecord, MAX_DECIMALS, type AccountList } from '@countersign/chains';
import { decodeVisibleText } from '@countersign/text';
import type { ClaimedNamesResponse } from '../../dto/asset.response';
import {
  readAddress,
  readHash,
  type Address,
  type Asset,
  type CheckedTransaction,
  type Hash,
  type Transfer,
} from '@countersign/transfers';

export interface Row {
  readonly hash: Hash;
  readonly number: number;
  /** Internal transfers have none. */
  readonly blockHash: Hash | null;
  /** Unix seconds. */
  readonly at: number;
  /** The transaction's index in its block. */
  readonly index: number | null;
}

type Sent = Pick<CheckedTransaction, 'from' | 'to' | 'createdContract' | 'value' | 'isSuccessful' | 'fee'>;

export interface SentRow extends Row, Sent {
  readonly kind: 'sent';
}

export interface MovedRow extends Row, Pick<Transfer, 'asset' | 'from' | 'amount'> {
  readonly kind: 'log' | 'internal';
  readonly to: Address;
  readonly names: ClaimedNamesResponse | null;
}

const DECIMAL = /^(?:0|[1-9]\d{0,77})$/;
const MAX_UINT256 = 2n ** 256n - 1n;
/** A cursor can have no more digits. */
const MAX_BLOCK = 999_999_999_999_999;
/** The end of the year 9999. */
const MAX_AT = 253_402_300_799;
const MAX_NAME_BYTES = 256;

/** Older versions of Blockscout also list other standards, whose rows have this field. */
const FIELD_OF_OTHERS: Partial<Record<AccountList, string>> = {
  tokentx: 'tokenID',
  tokennfttx: 'tokenValue',
};

class UnreadableRow extends Error {}

/** Reads a row as Etherscan and Blockscout document it. Null for any other row, also for another token standard. */
export function readRow(list: AccountList, raw: unknown): SentRow | MovedRow | null {
  try {
    return rowOf(list, new RowFields(raw));
  } catch (error) {
    if (error instanceof UnreadableRow) return null;
    throw error;
  }
}

/** Also reads rows that are otherwise unreadable. */
export function readBlockNumber(raw: unknown): number | null {
  return isRecord(raw) ? numberIn(raw['blockNumber'], MAX_BLOCK) : null;
}

function rowOf(list: AccountList, fields: RowFields): SentRow | MovedRow {
  const ofOthers = FIELD_OF_OTHERS[list];
  if (ofOthers !== undefined && fields.has(ofOthers)) throw new UnreadableRow();
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
    this.row = this.required(isRecord(raw) ? raw : null);
  }

  required<T>(value: T | null): T {
    if (value === null) throw new UnreadableRow();
    return value;
  }

  has(name: string): boolean {
    return (this.row[name] ?? '') !== '';
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
    return this.required(amountIn(this.row[name], MAX_UINT256));
  }

  number(name: string, most = Number.MAX_SAFE_INTEGER): number {
    return this.required(numberIn(this.row[name], most));
  }

  isError(): boolean {
    const text = this.text('isError');
    return this.required(text === '0' || text === '1' ? text : null) === '1';
  }

  names(): ClaimedNamesResponse {
    return {
      symbol: this.claimed('tokenSymbol'),
      name: this.claimed('tokenName'),
      decimals: numberIn(this.row['tokenDecimal'], MAX_DECIMALS),
    };
  }

  /** Any contract may choose this name. Null if no character of it is visible. */
  private claimed(name: string): string | null {
    const bytes = Buffer.from(this.text(name));
    return bytes.length <= MAX_NAME_BYTES ? (decodeVisibleText(bytes) ?? null) : null;
  }
}

function amountIn(text: unknown, most: bigint): bigint | null {
  const amount = typeof text === 'string' && DECIMAL.test(text) ? BigInt(text) : null;
  return amount !== null && amount <= most ? amount : null;
}

function numberIn(text: unknown, most: number): number | null {
  const amount = amountIn(text, BigInt(most));
  return amount === null ? null : Number(amount);
}
