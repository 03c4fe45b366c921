import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  decodeAbiParameters,
  hexToBigInt,
  numberToHex,
  type Address,
  type Hex,
  type RpcBlock,
  type RpcLog,
  type RpcTransaction,
  type RpcTransactionReceipt,
} from 'viem';
import type { Anvil } from './anvil';
import { useFixture } from './use-fixture';

export type IndexerShape = 'blockscout' | 'etherscan';
export type IndexerRow = Record<string, string | null>;
/** What stands in for the rows of a list. */
export type RowLie = (rows: IndexerRow[], list: string) => IndexerRow[];

interface Call {
  readonly type: string;
  readonly from: Address;
  readonly to?: Address;
  readonly value?: Hex;
  readonly error?: string;
  readonly calls?: readonly Call[];
}

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const SINGLE = '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62';
const BATCH = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb';
const NAMES = [
  { type: 'function', name: 'symbol', stateMutability: 'view', inputs: [], outputs: [{ type: 'string' }] },
  { type: 'function', name: 'name', stateMutability: 'view', inputs: [], outputs: [{ type: 'string' }] },
  { type: 'function', name: 'decimals', stateMutability: 'view', inputs: [], outputs: [{ type: 'uint8' }] },
] as const;
const MOST = { blockscout: 10_000, etherscan: 1_000 };

/** Answers `module=account` as Blockscout and Etherscan (version 2) document it, from the blocks of an anvil. */
export class FakeIndexer {
  readonly requests: URLSearchParams[] = [];
  shape: IndexerShape = 'blockscout';
  /** The status with which Blockscout lists internal transactions while it has not read all traces. */
  behind: '0' | '2' | null = null;
  /** Rows that come before the others, as they are. */
  odd: (list: string) => readonly unknown[] = () => [];
  private lie: RowLie = (rows) => rows;
  private takeover: ((response: ServerResponse) => void) | null = null;

  private constructor(
    private readonly server: Server,
    private readonly anvil: Anvil,
  ) {}

  static async start(anvil: Anvil): Promise<FakeIndexer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const fake = new FakeIndexer(server, anvil);
    server.on('request', (request, response) => {
      fake.serve(new URL(request.url ?? '/', fake.url), response).catch(() => response.destroy());
    });
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api`;
  }

  lieAbout(list: string, lie: (rows: IndexerRow[]) => IndexerRow[]): void {
    this.lie = (rows, asked) => (asked === list ? lie(rows) : rows);
  }

  /** From now on each request gets this. */
  respond(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.takeover = (response) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  goAway(): void {
    this.takeover = (response) => response.destroy();
  }

  recover(): void {
    this.requests.length = 0;
    this.shape = 'blockscout';
    this.behind = null;
    this.odd = () => [];
    this.lie = (rows) => rows;
    this.takeover = null;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async serve({ searchParams }: URL, response: ServerResponse): Promise<void> {
    this.requests.push(searchParams);
    if (this.takeover) {
      this.takeover(response);
      return;
    }
    const body = await this.answer(searchParams);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private async answer(query: URLSearchParams): Promise<object> {
    const list = query.get('action') ?? '';
    if (this.shape === 'etherscan' && query.get('chainid') !== String(this.anvil.chainId))
      return { status: '0', message: 'NOTOK', result: 'Missing or unsupported chainid parameter' };
    const address = (query.get('address') ?? '').toLowerCase();
    const toBlock = Number(query.get('endblock') ?? Number.MAX_SAFE_INTEGER);
    const count = Math.min(MOST[this.shape], Number(query.get('offset')));
    const all = await this.rowsOf(list);
    const own = all.filter(
      ({ from, to, contractAddress, blockNumber }) =>
        Number(blockNumber) <= toBlock &&
        [from, to, list === 'txlist' ? contractAddress : null].includes(address),
    );
    const sorted = this.lie(own, list).toSorted((one, other) => orderOf(other) - orderOf(one));
    const rows = [...this.odd(list).filter((row) => !isNewer(row, toBlock)), ...sorted].slice(0, count);
    if (this.behind !== null && list === 'txlistinternal')
      return {
        status: this.behind,
        message: 'Some internal transactions within this block range have not yet been processed',
        result: rows,
      };
    if (rows.length > 0) return { status: '1', message: 'OK', result: rows };
    const nothing =
      list === 'txlistinternal'
        ? 'internal transactions'
        : list === 'txlist'
          ? 'transactions'
          : 'token transfers';
    const message = this.shape === 'etherscan' ? 'No transactions found' : `No ${nothing} found`;
    return { status: '0', message, result: [] };
  }

  private async rowsOf(list: string): Promise<IndexerRow[]> {
    const head = Number(await this.anvil.client.getBlockNumber({ cacheTime: 0 }));
    const numbers = Array.from({ length: head + 1 }, (_, number) => numberToHex(number));
    const blocks = await this.anvil.batch<RpcBlock<'latest', true>>(
      'eth_getBlockByNumber',
      numbers.map((number) => [number, true]),
    );
    const full = blocks.filter(({ transactions }) => transactions.length > 0);
    if (list === 'txlistinternal') return this.internalRows(full);
    const receipts = await this.anvil.batch<readonly RpcTransactionReceipt[]>(
      'eth_getBlockReceipts',
      full.map(({ hash }) => [hash]),
    );
    const rows: IndexerRow[] = [];
    for (const [index, block] of full.entries()) {
      for (const [position, receipt] of (receipts[index] ?? []).entries()) {
        const transaction = block.transactions[position] as RpcTransaction;
        if (list === 'txlist') rows.push(this.sentRow(block, transaction, receipt));
        else for (const log of receipt.logs) rows.push(...(await this.tokenRows(list, block, receipt, log)));
      }
    }
    return rows;
  }

  private common(block: RpcBlock<'latest', true>, receipt: RpcTransactionReceipt): IndexerRow {
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

  private sentRow(
    block: RpcBlock<'latest', true>,
    { value, input, gas, nonce }: RpcTransaction,
    receipt: RpcTransactionReceipt,
  ): IndexerRow {
    const isError = receipt.status !== '0x1';
    return {
      ...this.common(block, receipt),
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

  private async tokenRows(
    list: string,
    block: RpcBlock<'latest', true>,
    receipt: RpcTransactionReceipt,
    { address, topics, data }: RpcLog,
  ): Promise<IndexerRow[]> {
    const [event, first, second, third] = topics as (Hex | undefined)[];
    const isCollectible = event === TRANSFER && third !== undefined;
    const wanted =
      event === TRANSFER
        ? isCollectible
          ? 'tokennfttx'
          : 'tokentx'
        : event === SINGLE || event === BATCH
          ? 'token1155tx'
          : null;
    if (wanted !== list) return [];
    const [from, to] = event === TRANSFER ? [first, second] : [second, third];
    const row = {
      ...this.common(block, receipt),
      from: addressOf(from),
      to: addressOf(to),
      contractAddress: address,
      ...(await this.namesOf(address)),
    };
    if (list === 'tokentx') return [{ ...row, value: decimal(data) }];
    if (list === 'tokennfttx') return [{ ...row, tokenID: decimal(third ?? '0x0') }];
    const [ids, values] =
      event === BATCH
        ? decodeAbiParameters([{ type: 'uint256[]' }, { type: 'uint256[]' }], data)
        : decodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], data).map((value) => [value]);
    return (ids as readonly bigint[]).map((id, index) => ({
      ...row,
      tokenID: String(id),
      tokenValue: String((values as readonly bigint[])[index]),
    }));
  }

  private async namesOf(address: Address): Promise<IndexerRow> {
    const read = async (functionName: 'symbol' | 'name' | 'decimals'): Promise<string> => {
      try {
        return String(await this.anvil.client.readContract({ address, abi: NAMES, functionName }));
      } catch {
        return '';
      }
    };
    const [tokenSymbol = '', tokenName = '', tokenDecimal = ''] = await Promise.all(
      (['symbol', 'name', 'decimals'] as const).map(read),
    );
    return { tokenSymbol, tokenName, tokenDecimal };
  }

  private async internalRows(blocks: readonly RpcBlock<'latest', true>[]): Promise<IndexerRow[]> {
    const traces = await this.anvil.batch<readonly { readonly txHash: Hex; readonly result: Call }[]>(
      'debug_traceBlockByNumber',
      blocks.map(({ number }) => [number, { tracer: 'callTracer' }]),
    );
    return blocks.flatMap(({ number, timestamp }, index) =>
      (traces[index] ?? []).flatMap(({ txHash, result }) =>
        innerCalls(result).map((call, position) => ({
          blockNumber: decimal(number),
          timeStamp: decimal(timestamp),
          ...(this.shape === 'etherscan'
            ? { hash: txHash, traceId: String(position) }
            : { transactionHash: txHash, index: String(position) }),
          from: call.from,
          to: call.to ?? '',
          value: decimal(call.value ?? '0x0'),
          contractAddress: '',
          input: '',
          type: call.type.toLowerCase(),
          isError: call.error === undefined ? '0' : '1',
          errCode: call.error ?? '',
        })),
      ),
    );
  }
}

/** An indexer for all tests of a `describe`, which tells the truth again before each. */
export function useFakeIndexer(anvil: Anvil): FakeIndexer {
  const indexer = useFixture(() => FakeIndexer.start(anvil), {
    close: (fake) => fake.stop(),
    failure: 'the fake indexer did not start',
  });
  beforeEach(() => indexer.recover());
  return indexer;
}

function innerCalls({ calls = [] }: Call): readonly Call[] {
  return calls.flatMap((call) => [...(BigInt(call.value ?? 0) > 0n ? [call] : []), ...innerCalls(call)]);
}

function orderOf({ blockNumber, transactionIndex }: IndexerRow): number {
  return Number(blockNumber) * 10_000 + Number(transactionIndex ?? 0);
}

function isNewer(row: unknown, block: number): boolean {
  return Number((row as IndexerRow | null)?.['blockNumber']) > block;
}

function addressOf(topic: Hex | undefined): string {
  return `0x${(topic ?? '').slice(-40)}`;
}

function decimal(quantity: Hex): string {
  return hexToBigInt(quantity).toString();
}
