import type { ServerResponse } from 'node:http';
import { LocalIndexer, type IndexerRow, type RowsAsked } from './local-indexer';
import type { Anvil } from './anvil';
import { useFixture } from './use-fixture';

export type { IndexerRow } from './local-indexer';

/** What stands in for the rows of a list. */
type RowLie = (rows: IndexerRow[], list: string) => IndexerRow[];

/** The local indexer of an anvil, which lies and fails when a test says so. */
export class FakeIndexer extends LocalIndexer {
  readonly requests: URLSearchParams[] = [];
  /** The status with which Blockscout lists internal transactions while it has not read all traces. */
  behind: '0' | '2' | null = null;
  /** Rows that come before the others, as they are. */
  odd: (list: string) => readonly unknown[] = () => [];
  private lie: RowLie = (rows) => rows;
  private takeover: ((response: ServerResponse) => void) | null = null;

  static override async start(nodeUrl: string, chainId: number): Promise<FakeIndexer> {
    return new FakeIndexer(nodeUrl, chainId).listen();
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

  protected override async serve(query: URLSearchParams, response: ServerResponse): Promise<void> {
    this.requests.push(query);
    if (this.takeover) this.takeover(response);
    else await super.serve(query, response);
  }

  protected override async answer(query: URLSearchParams): Promise<object> {
    const answer = await super.answer(query);
    if (this.behind === null || query.get('action') !== 'txlistinternal') return answer;
    const message = 'Some internal transactions within this block range have not yet been processed';
    return { ...answer, status: this.behind, message };
  }

  protected override async rowsOf(asked: RowsAsked): Promise<readonly IndexerRow[]> {
    return this.lie([...(await super.rowsOf(asked))], asked.list);
  }

  protected override async listed(asked: RowsAsked): Promise<readonly IndexerRow[]> {
    const odd = this.odd(asked.list) as readonly (IndexerRow | null)[];
    const isNewer = (row: IndexerRow | null) => Number(row?.['blockNumber']) > asked.toBlock;
    return [...(odd.filter((row) => !isNewer(row)) as readonly IndexerRow[]), ...(await super.listed(asked))];
  }
}

/** An indexer for all tests of a `describe`, which tells the truth again before each. */
export function useFakeIndexer(anvil: Anvil): FakeIndexer {
  const indexer = useFixture(() => FakeIndexer.start(anvil.url, anvil.chainId), {
    close: (fake) => fake.stop(),
    failure: 'the fake indexer did not start',
  });
  beforeEach(() => indexer.recover());
  return indexer;
}

export const INDEXER_KEY = 'SECRET-KEY-OF-THE-INDEXER';

/** As `CHAINS` has it. */
export function indexerOf({ url }: FakeIndexer, shape = 'blockscout'): object {
  return { url, shape, apiKey: INDEXER_KEY, requestsPerSecond: 1_000 };
}
