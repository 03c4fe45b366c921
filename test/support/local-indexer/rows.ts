import {
  decodeAbiParameters,
  hexToBigInt,
  type Address,
  type Hex,
  type RpcBlock,
  type RpcLog,
  type RpcTransaction,
  type RpcTransactionReceipt,
} from 'viem';

export const accountLists = ['txlist', 'tokentx', 'tokennfttx', 'token1155tx', 'txlistinternal'] as const;
/** Lists of `module=account`, as Etherscan and Blockscout name them. */
export type AccountList = (typeof accountLists)[number];
export type IndexerRow = Record<string, string | null>;
export type Block = RpcBlock<'latest', true>;

/** A call of a transaction, as the tracer `callTracer` gives it. */
interface Call {
  readonly type: string;
  readonly from: Address;
  readonly to?: Address;
  readonly value?: Hex;
  readonly error?: string;
  readonly calls?: readonly Call[];
}

export interface Trace {
  readonly txHash: Hex;
  readonly result: Call;
}

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const SINGLE = '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62';
const BATCH = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb';

/** The row of a transaction in `txlist`. */
export function sentRow(block: Block, index: number, receipt: RpcTransactionReceipt): IndexerRow {
  const { value, input, gas, nonce } = block.transactions[index] as RpcTransaction;
  const isError = receipt.status !== '0x1';
  return {
    ...commonOf(block, receipt),
    from: receipt.from,
    to: receipt.to ?? '',
    value: decimal(value),
    gas: decimal(gas),
    nonce: decimal(nonce),
    input,
    contractAddress: receipt.contractAddress ?? '',
    isError: isError ? '1' : '0',
    txreceipt_status: isError ? '0' : '1',
  };
}

/** The rows of a log without the names of the token, and the list that has them. `null`: it is no transfer. */
export function tokenRows(
  block: Block,
  receipt: RpcTransactionReceipt,
  { address, topics, data }: RpcLog,
): { readonly list: AccountList; readonly rows: readonly IndexerRow[] } | null {
  const [event, first, second, third] = topics as (Hex | undefined)[];
  if (event !== TRANSFER && event !== SINGLE && event !== BATCH) return null;
  const [from, to] = event === TRANSFER ? [first, second] : [second, third];
  const row = {
    ...commonOf(block, receipt),
    from: addressOf(from),
    to: addressOf(to),
    contractAddress: address,
  };
  if (event !== TRANSFER) {
    const rows = idsOf(event, data).map(([id, value]) => ({
      ...row,
      tokenID: String(id),
      tokenValue: String(value),
    }));
    return { list: 'token1155tx', rows };
  }
  return third === undefined
    ? { list: 'tokentx', rows: [{ ...row, value: decimal(data) }] }
    : { list: 'tokennfttx', rows: [{ ...row, tokenID: decimal(third) }] };
}

/** The rows of `txlistinternal`, as Blockscout names their fields. */
export function internalRows({ number, timestamp }: Block, traces: readonly Trace[]): readonly IndexerRow[] {
  return traces.flatMap(({ txHash, result }) =>
    innerCalls(result).map((call, position) => ({
      blockNumber: decimal(number),
      timeStamp: decimal(timestamp),
      transactionHash: txHash,
      index: String(position),
      from: call.from,
      to: call.to ?? '',
      value: decimal(call.value ?? '0x0'),
      contractAddress: '',
      input: '',
      type: call.type.toLowerCase(),
      isError: call.error === undefined ? '0' : '1',
      errCode: call.error ?? '',
    })),
  );
}

function commonOf(block: Block, receipt: RpcTransactionReceipt): IndexerRow {
  return {
    blockNumber: decimal(receipt.blockNumber),
    timeStamp: decimal(block.timestamp),
    hash: receipt.transactionHash,
    blockHash: receipt.blockHash,
    transactionIndex: decimal(receipt.transactionIndex),
    gasPrice: decimal(receipt.effectiveGasPrice),
    gasUsed: decimal(receipt.gasUsed),
    cumulativeGasUsed: decimal(receipt.cumulativeGasUsed),
    confirmations: '1',
  };
}

/** Of ERC-1155: each id with its amount. */
function idsOf(event: typeof SINGLE | typeof BATCH, data: Hex): readonly (readonly [bigint, bigint])[] {
  if (event === SINGLE) return [decodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], data)];
  const [ids, values] = decodeAbiParameters([{ type: 'uint256[]' }, { type: 'uint256[]' }], data);
  return ids.map((id, index) => [id, values[index] ?? 0n]);
}

function innerCalls({ calls = [] }: Call): readonly Call[] {
  return calls.flatMap((call) => [...(BigInt(call.value ?? 0) > 0n ? [call] : []), ...innerCalls(call)]);
}

function addressOf(topic: Hex | undefined): string {
  return `0x${(topic ?? '').slice(-40)}`;
}

function decimal(quantity: Hex): string {
  return hexToBigInt(quantity).toString();
}
