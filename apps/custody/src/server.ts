import { chmodSync, lstatSync, mkdirSync, rmSync, type Stats } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { type Logger, Semaphore } from '@countersign/runtime';
import {
  encodeFrame,
  type Frame,
  FrameError,
  FrameReader,
  readCall,
  readingCalls,
  Refused,
  type Side,
} from '@countersign/custody-protocol';
import type { Acts } from './acts';
import { ownFolder } from './hardening';

/** The server closes further connections at once. Each has one call, so this bounds the queue. */
const MAX_CONNECTIONS = 64;
/** The time for the arrival of the whole call, and again for its answer, in milliseconds. */
const DEADLINE_MS = 5_000;
const OWNER_ONLY = 0o600;
const OWNER_AND_GROUP = 0o660;
const ENTERED_BY_GROUP = 0o010;
const NOT_LISTENING = ['ECONNREFUSED', 'ENOENT'];
const NOTHING = Buffer.alloc(0);
const VARIABLES: Readonly<Record<Side, string>> = {
  api: 'CUSTODY_SOCKET',
  operator: 'CUSTODY_OPERATOR_SOCKET',
  consent: 'CUSTODY_CONSENT_SOCKET',
  reader: 'CUSTODY_READER_SOCKET',
};

/** Serves a Unix socket. A connection has one call, and one call runs at a time. */
export class CustodyServer {
  private readonly turn = new Semaphore(1);
  /** Calls that change nothing have their own turn, so they do not delay acts. */
  private readonly readingTurn = new Semaphore(1);
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private readonly folder: Stats;

  constructor(
    private readonly acts: Acts,
    private readonly logger: Logger,
    private readonly onAnswered: () => void,
    private readonly side: Side,
    private readonly path: string,
  ) {
    this.server = createServer((socket) => this.serve(socket));
    this.server.maxConnections = MAX_CONNECTIONS;
    const isOperator = side === 'operator';
    if (isOperator) mkdirSync(dirname(path), { mode: 0o700, recursive: true });
    this.folder = ownFolder(dirname(path), VARIABLES[side], isOperator ? 'closed' : 'readable');
  }

  async listen(): Promise<void> {
    const { path, folder } = this;
    const name = VARIABLES[this.side];
    if (await isAnswering(path, name)) throw new Error(`another process listens on ${name}`);
    // A killed process leaves its socket. Any other file stays here and fails the start.
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path);
    const mask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', reject).listen(path, resolve);
      });
    } finally {
      process.umask(mask);
    }
    chmodSync(path, folder.mode & ENTERED_BY_GROUP ? OWNER_AND_GROUP : OWNER_ONLY);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    await Promise.all([this.turn.acquire(), this.readingTurn.acquire()]);
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    const reader = new FrameReader();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    const deadline = cutOff(socket);
    socket.on('data', (chunk) => {
      try {
        const frame = reader.push(chunk);
        if (!frame) return;
        clearTimeout(deadline);
        void this.answer(socket, frame);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        this.logger.warn({ refusal: 'malformed' }, 'call refused');
        send(socket, { ok: false, code: 'malformed' }, NOTHING);
      }
      socket.removeAllListeners('data').resume();
    });
  }

  private async answer(socket: Socket, frame: Frame): Promise<void> {
    try {
      const call = readCall(frame, this.side);
      if (!call) throw new Refused('malformed');
      const turn = readingCalls.includes(call.call) ? this.readingTurn : this.turn;
      await turn.run(async () => {
        if (socket.destroyed) return;
        const answer = await this.acts.answer(call);
        if (Buffer.isBuffer(answer)) return send(socket, { ok: true }, answer);
        const { body = NOTHING, ...header } = { body: undefined, ...answer };
        send(socket, { ok: true, ...header }, body);
      });
    } catch (error) {
      const { code, details } = error instanceof Refused ? error : new Refused('away');
      if (error instanceof Refused) this.logger.warn({ refusal: code, ...details }, 'call refused');
      else this.logger.error({ err: error }, 'call failed');
      send(socket, { ok: false, code, ...details }, NOTHING);
    } finally {
      this.onAnswered();
    }
  }
}

function send(socket: Socket, header: object, body: Buffer): void {
  socket.end(encodeFrame(header, body));
  cutOff(socket);
}

function cutOff(socket: Socket): NodeJS.Timeout {
  const timer = setTimeout(() => socket.destroy(), DEADLINE_MS);
  socket.once('close', () => clearTimeout(timer));
  return timer;
}

function isAnswering(path: string, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (NOT_LISTENING.includes(error.code ?? '')) resolve(false);
      else reject(new Error(`${name} cannot be tried: ${error.code}`, { cause: error }));
    });
  });
}
