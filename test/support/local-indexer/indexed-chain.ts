import {
  createPublicClient,
  http,
  numberToHex,
  parseAbi,
  type Address,
  type Hex,
  type RpcTransactionReceipt,
} from 'viem';
import {
  internalRows,
  sentRow,
  tokenRows,
  type AccountList,
  type Block,
  type IndexerRow,
  type Trace,
} from './rows';

interface IndexedBlock {
  readonly hash: Hex;
  readonly rows: Readonly<Record<AccountList, readonly IndexerRow[]>>;
}

const BLOCKS_AT_ONCE = 100;
const TIMEOUT_MS = 60_000;
const NAMES = parseAbi([
  'function symbol() view returns (string)',
  'function name() view returns (string)',
  'function decimals() view returns (uint8)',
]);

/** The rows of all blocks of a chain, in memory. */
export class IndexedChain {
  /** By number, from the first block on. */
  private readonly blocks: IndexedBlock[] = [];
  private readonly names = new Map<Address, Promise<IndexerRow>>();
  private readonly client;
  private reading: Promise<void> = Promise.resolve();

  constructor(nodeUrl: string) {
    this.client = createPublicClient({
      transport: http(nodeUrl, { batch: true, retryCount: 0, timeout: TIMEOUT_MS }),
    });
  }

  /** Of all addresses, up to the newest block, in the order of the chain. */
  async rows(list: AccountList): Promise<readonly IndexerRow[]> {
    const read = this.reading.catch(() => undefined).then(() => this.catchUp());
    this.reading = read;
    await read;
    return this.blocks.flatMap(({ rows }) => rows[list]);
  }

  /** Reads new blocks, and drops those that the chain has left. */
  private async catchUp(): Promise<void> {
    await this.dropLeft();
    const head = Number(await this.ask<Hex>('eth_blockNumber'));
    while (this.blocks.length <= head) {
      const from = this.blocks.length;
      const count = Math.min(BLOCKS_AT_ONCE, head - from + 1);
      const read = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          this.ask<Block | null>('eth_getBlockByNumber', numberToHex(from + index), true),
        ),
      );
      for (const block of read) {
        const before = this.blocks.at(-1);
        // The chain was reorganised meanwhile: the next request reads it.
        if (!block || (before && block.parentHash !== before.hash)) return;
        this.blocks.push({ hash: block.hash, rows: await this.rowsOf(block) });
      }
    }
  }

  private async dropLeft(): Promise<void> {
    for (let last = this.blocks.at(-1); last; last = this.blocks.at(-1)) {
      const number = numberToHex(this.blocks.length - 1);
      const now = await this.ask<Block | null>('eth_getBlockByNumber', number, false);
      if (now?.hash === last.hash) return;
      this.blocks.pop();
    }
  }

  private async rowsOf(block: Block): Promise<IndexedBlock['rows']> {
    const rows: Record<AccountList, IndexerRow[]> = {
      txlist: [],
      tokentx: [],
      tokennfttx: [],
      token1155tx: [],
      txlistinternal: [],
    };
    if (block.transactions.length === 0) return rows;
    const [receipts, traces] = await Promise.all([
      this.ask<readonly RpcTransactionReceipt[]>('eth_getBlockReceipts', block.hash),
      this.ask<readonly Trace[]>('debug_traceBlockByNumber', block.number, { tracer: 'callTracer' }),
    ]);
    for (const [index, receipt] of receipts.entries()) {
      rows.txlist.push(sentRow(block, index, receipt));
      for (const log of receipt.logs) {
        const found = tokenRows(block, receipt, log);
        const names = found ? await this.namesOf(log.address) : {};
        if (found) rows[found.list].push(...found.rows.map((row) => ({ ...row, ...names })));
      }
    }
    rows.txlistinternal.push(...internalRows(block, traces));
    return rows;
  }

  private namesOf(address: Address): Promise<IndexerRow> {
    const known = this.names.get(address) ?? this.readNames(address);
    this.names.set(address, known);
    return known;
  }

  /** Empty where a contract says nothing. */
  private async readNames(address: Address): Promise<IndexerRow> {
    const [tokenSymbol = '', tokenName = '', tokenDecimal = ''] = await Promise.all(
      (['symbol', 'name', 'decimals'] as const).map((functionName) =>
        this.client.readContract({ address, abi: NAMES, functionName }).then(String, () => ''),
      ),
    );
    return { tokenSymbol, tokenName, tokenDecimal };
  }

  private ask<T>(method: string, ...params: readonly unknown[]): Promise<T> {
    return this.client.request({ method, params } as never);
  }
}
