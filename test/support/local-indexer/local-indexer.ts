import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IndexedChain } from './indexed-chain';
import { accountLists, type AccountList, type IndexerRow } from './rows';

/** Which API the answers are like: a Blockscout, or version 2 of Etherscan. */
export type IndexerShape = 'blockscout' | 'etherscan';

export interface RowsAsked {
  readonly list: AccountList;
  /** `0x` and lower-case hex. */
  readonly address: string;
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly isAscending: boolean;
  /** From 1 on. */
  readonly page: number;
  readonly count: number;
}

const MAX_ROWS = { blockscout: 10_000, etherscan: 1_000 };
const NOTHING: Readonly<Record<AccountList, string>> = {
  txlist: 'No transactions found',
  tokentx: 'No token transfers found',
  tokennfttx: 'No token transfers found',
  token1155tx: 'No token transfers found',
  txlistinternal: 'No internal transactions found',
};

/**
 * Answers `module=account` as Blockscout and Etherscan document it, from the blocks of a local node, such as anvil. It reads new
 * blocks when it is asked, and keeps all in memory: for tests and examples, whose chains are short.
 */
export class LocalIndexer {
  shape: IndexerShape = 'blockscout';
  private readonly server: Server;
  private readonly chain: IndexedChain;

  protected constructor(
    nodeUrl: string,
    private readonly chainId: number,
  ) {
    this.chain = new IndexedChain(nodeUrl);
    this.server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      this.serve(searchParams, response).catch(() => response.destroy());
    });
  }

  static async start(nodeUrl: string, chainId: number): Promise<LocalIndexer> {
    return new LocalIndexer(nodeUrl, chainId).listen();
  }

  /** As the configuration of a chain names it. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  protected async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  protected async serve(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const body = await this.answer(query);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  /** All rows of one address in the blocks. */
  protected async rowsOf({ list, address, ...asked }: RowsAsked): Promise<readonly IndexerRow[]> {
    const rows = await this.chain.rows(list);
    const own = rows.filter(({ from, to, contractAddress, blockNumber }) => {
      const parties = [from, to, list === 'txlist' ? contractAddress : null];
      const isInBlocks = Number(blockNumber) >= asked.fromBlock && Number(blockNumber) <= asked.toBlock;
      return isInBlocks && parties.includes(address);
    });
    return list === 'txlistinternal' ? own.map((row) => this.inShape(row)) : own;
  }

  /** In the order that is asked for. All pages. */
  protected async listed(asked: RowsAsked): Promise<readonly IndexerRow[]> {
    return inOrder(await this.rowsOf(asked), asked.isAscending);
  }

  protected async answer(query: URLSearchParams): Promise<object> {
    if (this.shape === 'etherscan' && query.get('chainid') !== String(this.chainId))
      return refusal('Missing or unsupported chainid parameter');
    const list = accountLists.find((name) => name === query.get('action'));
    if (query.get('module') !== 'account' || !list) return refusal('Unknown module or action');
    const asked = this.read(list, query);
    const from = (asked.page - 1) * asked.count;
    const rows = (await this.listed(asked)).slice(from, from + asked.count);
    if (rows.length > 0) return { status: '1', message: 'OK', result: rows };
    const message = this.shape === 'etherscan' ? NOTHING.txlist : NOTHING[list];
    return { status: '0', message, result: [] };
  }

  private read(list: AccountList, query: URLSearchParams): RowsAsked {
    const most = MAX_ROWS[this.shape];
    const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);
    return {
      list,
      address: (query.get('address') ?? '').toLowerCase(),
      fromBlock: number('startblock', 0),
      toBlock: number('endblock', Number.MAX_SAFE_INTEGER),
      isAscending: query.get('sort') === 'asc',
      page: Math.max(1, number('page', 1)),
      count: Math.min(most, number('offset', most)),
    };
  }

  /** The two name the transaction of an internal transfer differently. */
  private inShape({ transactionHash = null, index = null, ...row }: IndexerRow): IndexerRow {
    return this.shape === 'etherscan'
      ? { ...row, hash: transactionHash, traceId: index }
      : { ...row, transactionHash, index };
  }
}

/** By block and transaction. Rows of one transaction stay in the order of its logs. */
function inOrder(rows: readonly IndexerRow[], isAscending: boolean): readonly IndexerRow[] {
  const sign = isAscending ? 1 : -1;
  return rows.toSorted(
    (one, other) =>
      sign *
      (Number(one['blockNumber']) - Number(other['blockNumber']) ||
        Number(one['transactionIndex'] ?? 0) - Number(other['transactionIndex'] ?? 0)),
  );
}

function refusal(result: string): object {
  return { status: '0', message: 'NOTOK', result };
}
