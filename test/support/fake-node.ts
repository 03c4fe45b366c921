import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../runner/patience.cjs';
import { JsonPoster } from './json-poster';
import { useFixture } from './use-fixture';

const TIME_LIMIT_MS = 60_000 * patience;

export interface NodeRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: unknown;
}

export type NodeAnswer = Readonly<Record<string, unknown>>;

/** What stands in for a method's result; `truth` asks the node behind. A JSON-RPC error is thrown as `RpcFault`. */
export type Lie = (params: readonly unknown[], truth: () => Promise<unknown>) => unknown;

/** Takes a whole HTTP request over. Undefined leaves it to the node. */
export type Takeover = (
  body: unknown,
  response: ServerResponse,
  request: IncomingMessage,
) => boolean | undefined | Promise<boolean | undefined>;

export class RpcFault extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A JSON-RPC node before another one, such as anvil, or alone with recorded answers. It answers what it is told to, and
 * records what it is asked.
 */
export class FakeNode {
  /** Every request, those of batches one by one. */
  readonly requests: NodeRequest[] = [];
  /** How many HTTP requests came. */
  posts = 0;
  private readonly lies = new Map<string, Lie>();
  private takeover: Takeover | null = null;
  private batchOrder: (answers: readonly NodeAnswer[]) => unknown = (answers) => answers;
  private delayMs = 0;
  private waiting = new AbortController();
  private readonly sockets = new Set<Socket>();
  private readonly behind: NodeBehind | null;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    behind: string | null,
  ) {
    this.behind = behind === null ? null : new NodeBehind(behind);
  }

  /** @param behind the URL of the node that knows the truth; without one, each method needs a lie. */
  static async start(behind: string | null = null): Promise<FakeNode> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const fake = new FakeNode(server, (server.address() as AddressInfo).port, behind);
    server.on('connection', (socket: Socket) => {
      fake.sockets.add(socket);
      socket.on('close', () => fake.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      // The node behind is gone, or the test is over: so is this one.
      fake.serve(request, response).catch(() => response.destroy());
    });
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  methods(): string[] {
    return this.requests.map(({ method }) => method);
  }

  /** A value, or how it is made. */
  lie(method: string, lie: unknown): void {
    this.lies.set(method, typeof lie === 'function' ? (lie as Lie) : () => lie);
  }

  fail(method: string, code: number, message: string): void {
    this.lies.set(method, () => {
      throw new RpcFault(code, message);
    });
  }

  /** From now on each answer comes later. */
  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** From now on each HTTP request gets this. */
  respond(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): void {
    this.takeover = (_body, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
      return true;
    };
  }

  takeOver(takeover: Takeover): void {
    this.takeover = takeover;
  }

  /** From now on connections end without an answer. */
  goAway(): void {
    this.takeover = (_body, response) => {
      response.destroy();
      return true;
    };
  }

  reorderBatches(order: (answers: readonly NodeAnswer[]) => unknown): void {
    this.batchOrder = order;
  }

  /** Ends the connections that are open. */
  disconnect(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Tells the truth again, at once. */
  recover(): void {
    this.waiting.abort();
    this.waiting = new AbortController();
    this.lies.clear();
    this.takeover = null;
    this.delayMs = 0;
    this.batchOrder = (answers) => answers;
    this.requests.length = 0;
    this.posts = 0;
  }

  async stop(): Promise<void> {
    this.waiting.abort();
    await this.behind?.close();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.posts += 1;
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const asked = (Array.isArray(body) ? body : [body]) as readonly NodeRequest[];
    this.requests.push(...asked);
    if (this.delayMs > 0) await sleep(this.delayMs, undefined, { signal: this.waiting.signal });
    if ((await this.takeover?.(body, response, request)) === true) return;
    const answers = await Promise.all(asked.map((one) => this.answer(one)));
    const answer = Array.isArray(body) ? this.batchOrder(answers) : answers[0];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private async answer({ id, method, params }: NodeRequest): Promise<NodeAnswer> {
    const lie = this.lies.get(method);
    const truth = (): Promise<unknown> => this.askBehind(method, params);
    try {
      const result = await (lie ? lie(params as readonly unknown[], truth) : truth());
      return { jsonrpc: '2.0', id, result: result ?? null };
    } catch (error) {
      if (!(error instanceof RpcFault)) throw error;
      return { jsonrpc: '2.0', id, error: { code: error.code, message: error.message } };
    }
  }

  private async askBehind(method: string, params: unknown): Promise<unknown> {
    if (this.behind === null) throw new RpcFault(-32601, `no answer is recorded for ${method}`);
    const { result, error } = await this.behind.ask(method, params);
    if (error) throw new RpcFault(error.code, error.message);
    return result;
  }
}

interface AnswerBehind {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The node that knows the truth. Calls at the same time share one HTTP request. */
class NodeBehind {
  private readonly poster: JsonPoster;
  private batch: { readonly calls: object[]; readonly answers: Promise<Map<number, AnswerBehind>> } | null =
    null;

  constructor(url: string) {
    this.poster = new JsonPoster(url, TIME_LIMIT_MS);
  }

  async ask(method: string, params: unknown): Promise<AnswerBehind> {
    const { calls, answers } = (this.batch ??= this.open());
    const id = calls.length;
    calls.push({ jsonrpc: '2.0', id, method, params });
    const answer = (await answers).get(id);
    if (!answer) throw new Error(`the node behind has no answer for ${method}`);
    return answer;
  }

  close(): Promise<void> {
    return this.poster.close();
  }

  private open(): NonNullable<typeof this.batch> {
    const calls: object[] = [];
    const post = async (): Promise<Map<number, AnswerBehind>> => {
      await setImmediate();
      this.batch = null;
      const answers = (await this.poster.post(calls)) as readonly AnswerBehind[];
      return new Map(answers.map((answer) => [answer.id, answer]));
    };
    return { calls, answers: post() };
  }
}

/** A fake node for all tests of a `describe`, which tells the truth again before each. */
export function useFakeNode(behind: () => string | null = () => null): FakeNode {
  const node = useFixture(() => FakeNode.start(behind()), {
    close: (fake) => fake.stop(),
    failure: 'the fake node did not start',
  });
  beforeEach(() => node.recover());
  return node;
}

export function useTwoNodes(anvil: { readonly url: string }): readonly [FakeNode, FakeNode] {
  return [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
}
