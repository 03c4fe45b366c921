import { NodeError } from '../node-error';
import { isRecord, type JsonRecord, type RequestLimits } from '../rpc/json-rpc';
import { ChainService, type ChainServiceOptions } from '../rpc/chain-service';

/** The lists of `module=account`, as Etherscan and Blockscout name them. */
export type AccountList = 'txlist' | 'tokentx' | 'tokennfttx' | 'token1155tx' | 'txlistinternal';

interface RowsWanted {
  /** `0x` and lower-case hex. */
  readonly address: string;
  /** The last block of the list; `null`: no upper limit. */
  readonly toBlock: number | null;
  /** The maximum number of rows. */
  readonly count: number;
}

interface IndexerRows {
  /** Unchecked JSON. */
  readonly rows: readonly unknown[];
  /** Whether the indexer says that these are all rows of the blocks. */
  readonly isComplete: boolean;
}

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
const MAX_BYTES = 4 * 1_048_576;
/** Texts with status 0, such as `No transactions found` and `No token transfers found`. */
const NOTHING_FOUND = /^No [a-z ]+ found/i;
/** Etherscan answers these texts with status 200. */
const TOO_MANY = /rate limit|too many requests|max calls/i;

/** An API in the shape of Etherscan (version 2) and Blockscout. The caller checks its answers with nodes. */
export class EvmIndexer extends ChainService {
  constructor(private readonly configured: ChainServiceOptions) {
    // The key goes into the query.
    super({ ...configured, apiKey: undefined });
  }

  /** @throws NodeError, also from `read`. The reason `answer_too_large` means that fewer rows may fit. */
  rows<T>(
    list: AccountList,
    { address, toBlock, count }: RowsWanted,
    read: (rows: IndexerRows) => T,
    limits: Pick<RequestLimits, 'timeLimitMs'> = {},
  ): Promise<T> {
    const { shape, apiKey } = this.configured;
    const query = new URLSearchParams({
      ...(shape === 'etherscan' ? { chainid: String(this.chain.reference) } : {}),
      module: 'account',
      action: list,
      address,
      startblock: '0',
      ...(toBlock === null ? {} : { endblock: String(toBlock) }),
      page: '1',
      offset: String(count),
      sort: 'desc',
      ...(apiKey === undefined ? {} : { apikey: apiKey }),
    });
    return this.exchange({ query }, 1, { ...limits, maxBytes: MAX_BYTES }, (answer) => {
      const rows = readRows(answer);
      if (rows.rows.length > count) throw new NodeError('away', { reason: 'not_asked_for' });
      return read(rows);
    });
  }

  /** Asks for rows of the zero address in the first block. @throws NodeError if the answer has no list */
  async ping(timeLimitMs: number): Promise<void> {
    const wanted = { address: ZERO_ADDRESS, toBlock: 0, count: 1 };
    await this.rows('txlist', wanted, () => undefined, { timeLimitMs });
  }

  /** Needs no check: Etherscan takes the chain's id, and nodes check the answers. */
  protected identify(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * An empty list has status 0, and so has a refusal, whose `result` is a text or null. Blockscout lists only some rows
 * with status 0 or 2 while it has not indexed all of these blocks.
 */
function readRows(answer: unknown): IndexerRows {
  if (!isRecord(answer)) throw new NodeError('away', { reason: 'not_an_answer' });
  const { status, message, result } = answer;
  if (!Array.isArray(result)) throw refusal(answer);
  const isEmpty = status === '0' && result.length === 0 && NOTHING_FOUND.test(String(message));
  return { rows: result as readonly unknown[], isComplete: status === '1' || isEmpty };
}

/** The indexer's text is dropped, because it may repeat the key or the address. */
function refusal({ message, result }: JsonRecord): NodeError {
  const texts = [message, result].filter((text) => typeof text === 'string');
  return texts.some((text) => TOO_MANY.test(text))
    ? new NodeError('limited', { reason: 'indexer_limit' })
    : new NodeError('away', { reason: 'indexer_error' });
}
