import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Address,
  beginCell,
  Cell,
  storeMessage,
  type AccountState,
  type Message,
  type TupleItem,
} from '@ton/core';
import { normalizedHash } from '@countersign/transfers';
import { useFixture } from '../use-fixture';
import { NotTaken, type Recorded, type TonNetwork } from './ton-network';
import { toTransaction, type TransactionV3 } from './toncenter-answers';

const ZERO_STATE = 'F6OpKZKqvqeFp6CQmFomXNMfMj2EnaUSOXN+Mh+wVWk=';
const DEFAULT_LIMIT = 10;

/** What stands in for an answer. */
export type TonLie = (truth: never) => unknown;

interface Query {
  all(name: string): readonly string[];
  one(name: string): string | null;
}

/**
 * A server of toncenter's API over a sandboxed network: version 2 below `/api/v2/jsonRPC`, version 3 below `/api/v3`, in
 * the form of ton-http-api and of ton-index-go. It answers what it is told to.
 */
export class TonApi {
  /** Each path with its query, or method. */
  readonly asked: string[] = [];
  /** The keys that came. */
  readonly keys = new Set<string | undefined>();
  private readonly lies = new Map<string, TonLie>();
  private readonly refused = new Map<string, (params: Readonly<Record<string, unknown>>) => void>();
  private takeover: ((response: ServerResponse) => void) | null = null;
  private gate: Promise<void> | undefined;
  /** Of this network, or another one. */
  networkId = -239;

  private constructor(
    private readonly server: Server,
    private readonly network: TonNetwork,
  ) {}

  static async start(network: TonNetwork): Promise<TonApi> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = new TonApi(server, network);
    server.on('request', (request, response) => {
      api.serve(request, response).catch((error: unknown) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        const answer =
          error instanceof NotTaken
            ? { ok: false, error: error.message, code: 500 }
            : { error: String(error) };
        response.end(JSON.stringify(answer));
      });
    });
    return api;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As `rpcUrls` has it. */
  get nodeUrl(): string {
    return `${this.origin}/api/v2/jsonRPC`;
  }

  /** As `indexers` has it. */
  get indexerUrl(): string {
    return `${this.origin}/api/v3`;
  }

  /** @param what a method of version 2, or a path of version 3 */
  lie(what: string, lie: TonLie): void {
    this.lies.set(what, lie);
  }

  /** Answers such requests as an endpoint that is overloaded, and does nothing. */
  refuse(method: string, seen: (params: Readonly<Record<string, unknown>>) => void): void {
    this.refused.set(method, seen);
  }

  /** From now on each request gets this. */
  respond(status: number, body: string): void {
    this.takeover = (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  goAway(): void {
    this.takeover = (response) => response.destroy();
  }

  /** @returns answers the requests that came before `recover` */
  delay(): () => void {
    let answer = (): void => undefined;
    this.gate = new Promise((resolve) => {
      answer = resolve;
    });
    return () => answer();
  }

  recover(): void {
    this.lies.clear();
    this.refused.clear();
    this.takeover = null;
    this.gate = undefined;
    this.networkId = -239;
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    const { method, params } = (chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}) as {
      readonly method?: string;
      readonly params?: Readonly<Record<string, unknown>>;
    };
    this.asked.push(method ?? `${pathname}?${searchParams.toString()}`);
    this.keys.add(request.headers['x-api-key'] as string | undefined);
    await this.gate;
    if (this.takeover) return this.takeover(response);
    const refused = this.refused.get(method ?? '');
    if (refused) {
      refused(params ?? {});
      const answer = { ok: false, error: 'LITE_SERVER_NOTREADY: not ready', code: 500 };
      return void response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
    const what = method ?? pathname.replace('/api/v3/', '');
    const truth =
      method === undefined
        ? await this.version3(what, {
            all: (name) => searchParams.getAll(name),
            one: (name) => searchParams.get(name),
          })
        : await this.version2(method, params ?? {});
    const lie = this.lies.get(what);
    const answer = lie ? lie(truth as never) : truth;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(method === undefined ? answer : { ok: true, result: answer, id: '1' }));
  }

  private async version2(method: string, params: Readonly<Record<string, unknown>>): Promise<object> {
    const { network } = this;
    if (method === 'getMasterchainInfo')
      return {
        '@type': 'blocks.masterchainInfo',
        last: { workchain: -1, seqno: network.block, root_hash: hashOfBlock(network.block) },
        init: { workchain: -1, seqno: 0, root_hash: ZERO_STATE },
      };
    if (method === 'sendBoc') {
      await network.take(Buffer.from(String(params['boc']), 'base64'));
      return { '@type': 'ok' };
    }
    const address = Address.parse(String(params['address']));
    if (method === 'getAddressInformation') {
      const contract = await network.chain.getContract(address);
      const type = contract.accountState?.type ?? 'uninit';
      return {
        '@type': 'raw.fullAccountState',
        balance: String(contract.balance),
        state: type === 'uninit' ? 'uninitialized' : type,
        last_transaction_id: { lt: String(contract.lastTransactionLt) },
        ...cellsOf(contract.accountState),
        block_id: { workchain: -1, seqno: network.block, root_hash: hashOfBlock(network.block) },
        sync_utime: network.time,
      };
    }
    if (method !== 'runGetMethod') throw new Error(`no answer for ${method}`);
    const stack = (params['stack'] as readonly (readonly [string, string])[]).map(
      ([kind, value]): TupleItem =>
        kind === 'num'
          ? { type: 'int', value: BigInt(value) }
          : { type: 'slice', cell: Cell.fromBase64(value) },
    );
    const result = await network.get(address, String(params['method']), stack);
    return {
      '@type': 'smc.runResult',
      gas_used: 500,
      exit_code: result.exitCode,
      stack: result.stack.map(toStackItem),
    };
  }

  private async version3(path: string, query: Query): Promise<object> {
    const { network } = this;
    const limit = Number(query.one('limit') ?? DEFAULT_LIMIT);
    if (path === 'masterchainInfo') {
      const root = hashOfBlock(network.block);
      const time = String(network.time);
      const last = { workchain: -1, seqno: network.block, root_hash: root, gen_utime: time };
      return { last: { ...last, global_id: this.networkId }, first: { ...last, global_id: this.networkId } };
    }
    if (path === 'transactions') {
      const [start, end] = [query.one('start_lt'), query.one('end_lt')];
      const accounts = new Set(query.all('account').map((text) => Address.parse(text).toRawString()));
      const transactions: readonly TransactionV3[] = network.transactions
        .map(toTransaction)
        .filter(({ account }) => accounts.has(account.toLowerCase()))
        .filter(({ lt }) => (start === null || BigInt(lt) >= BigInt(start)) && isUpTo(lt, end))
        .toSorted((one, other) => Number(BigInt(other.lt) - BigInt(one.lt)))
        .slice(0, limit);
      return { transactions, address_book: {} };
    }
    if (path === 'transactionsByMessage')
      return { transactions: receiptsOf(network, query.one('msg_hash')), address_book: {} };
    const owner = query.one('owner_address') ?? '';
    if (path === 'nft/items') return this.items(owner, limit);
    throw new Error(`no answer for ${path}`);
  }

  private async items(owner: string, limit: number): Promise<object> {
    const { network } = this;
    const found = [];
    for (const address of network.addresses()) {
      const { exitCode, stack } = await network.get(address, 'get_nft_data');
      const [init, index, collection, of] = stack;
      if (exitCode !== 0 || init?.type !== 'int' || init.value === 0n || addressIn(of) !== owner) continue;
      found.push({
        address: address.toRawString().toUpperCase(),
        init: true,
        index: index?.type === 'int' ? String(index.value) : '0',
        collection_address: addressIn(collection)?.toUpperCase() ?? null,
        owner_address: owner.toUpperCase(),
        content: { uri: 'https://example.com/not-fetched' },
        on_sale: false,
      });
    }
    return { nft_items: found.slice(0, limit), address_book: {}, metadata: {} };
  }
}

/** A server for all tests of a `describe`, which tells the truth again before each. */
export function useTonApi(network: TonNetwork): TonApi {
  const api = useFixture(() => TonApi.start(network), {
    close: (running) => running.stop(),
    failure: 'the API of TON did not start',
  });
  beforeEach(() => api.recover());
  return api;
}

/** By the hash of the message, or its normalised one. */
function receiptsOf({ transactions }: TonNetwork, hash: string | null): readonly object[] {
  const hashesOf = (message: Message): readonly string[] => [
    beginCell().store(storeMessage(message)).endCell().hash().toString('hex'),
    ...(message.info.type === 'external-in'
      ? [normalizedHash(message.info.dest.toRawString(), message.body)]
      : []),
  ];
  const isOf = ({ transaction: { inMessage } }: Recorded): boolean =>
    inMessage != null && hash !== null && hashesOf(inMessage).includes(hash);
  return transactions.filter(isOf).map(toTransaction);
}

/** As toncenter has them: empty where there is no contract. */
function cellsOf(state: AccountState | undefined): { readonly code: string; readonly data: string } {
  const { code, data } = state?.type === 'active' ? state.state : {};
  const text = (cell: Cell | null | undefined): string => cell?.toBoc().toString('base64') ?? '';
  return { code: text(code), data: text(data) };
}

function isUpTo(lt: string, end: string | null): boolean {
  return end === null || BigInt(lt) <= BigInt(end);
}

function hashOfBlock(number: number): string {
  return Buffer.alloc(32, number).toString('base64');
}

function addressIn(item: TupleItem | undefined): string | null {
  if (item?.type !== 'slice' && item?.type !== 'cell') return null;
  return item.cell.beginParse().loadMaybeAddress()?.toRawString() ?? null;
}

function toStackItem(item: TupleItem): unknown {
  if (item.type === 'int') {
    const { value } = item;
    return ['num', value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`];
  }
  if (item.type === 'cell' || item.type === 'slice')
    return ['cell', { bytes: item.cell.toBoc().toString('base64') }];
  return ['list', { elements: [] }];
}
