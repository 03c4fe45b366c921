import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Logger, type readConsentConfiguration, Semaphore } from '@countersign/runtime';
import { encodeFrame, exchange } from '@countersign/custody-protocol';

/** Init data has at most 8 KiB. */
const MAX_BODY_BYTES = 16_384;
const TIMEOUT_MS = 10_000;
const IDLE_MS = 65_000;
const PAGE = join(__dirname, '../page');
const FILES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
};
const HEADERS = {
  // The web clients of Telegram show Mini Apps in a frame.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors https://web.telegram.org https://webk.telegram.org https://webz.telegram.org",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};
/** Anyone can send these calls. Others wait, so that they take no connection of the people who stop something. */
const WITHOUT_LAUNCH = ['naming-text', 'way-out-text', 'ask-way-out'];
const turns = new Semaphore(4);
const STATUSES: Readonly<Record<string, number>> = { malformed: 400, away: 503 };

type ConsentPageOptions = Omit<ReturnType<typeof readConsentConfiguration>, 'logLevel'> & {
  readonly logger: Logger;
};

export interface RunningConsentPage {
  readonly logger: Logger;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the files of the Mini App, and passes the calls of its page to custody. It stores and decides nothing. */
export async function startConsentPage(options: ConsentPageOptions): Promise<RunningConsentPage> {
  const { host, port, logger } = options;
  const server = createServer((request, response) => {
    const [name, type] = FILES[request.url?.split('?')[0] ?? ''] ?? [];
    if (request.method === 'GET' && name && type)
      response.writeHead(200, { ...HEADERS, 'content-type': type }).end(readFileSync(join(PAGE, name)));
    else
      void answer(options, request, response).catch((error: unknown) => {
        logger.error({ err: error }, 'call failed');
        refuse(response, 500, 'internal');
      });
  });
  server.requestTimeout = TIMEOUT_MS;
  server.keepAliveTimeout = IDLE_MS;
  server.listen(port, host);
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;
  logger.info({ host, port: listening }, 'consent page listens');
  const close = async (): Promise<void> => {
    server.close().closeIdleConnections();
    await once(server, 'close');
  };
  return { logger, port: listening, close };
}

async function answer(
  { socket }: ConsentPageOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, call] = /^\/v1\/([a-z-]+)$/.exec(request.url ?? '') ?? [];
  if (request.method !== 'POST' || call === undefined) return refuse(response, 404, 'route_not_found');
  const isBounded = Number(request.headers['content-length']) <= MAX_BODY_BYTES;
  const asked = isBounded ? frameOf(call, await text(request)) : null;
  if (!asked) return refuse(response, 400, 'malformed');
  const ask = () => exchange(asked, connect(socket), TIMEOUT_MS);
  const frame = await (WITHOUT_LAUNCH.includes(call) ? turns.run(ask) : ask());
  if (!frame) return refuse(response, 503, 'away');
  const { ok, code, ...details } = frame.header as { ok: boolean; code?: string };
  if (!ok) return refuse(response, STATUSES[code ?? ''] ?? 409, code ?? 'away', details);
  const answered = frame.body.length > 0 ? frame.body : Buffer.from(JSON.stringify(details));
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' }).end(answered);
}

/** Custody checks the fields. Null if the text is no JSON object with a `launch`, or is too long for a frame. */
function frameOf(call: string, json: string): Buffer | null {
  try {
    const { launch, ...fields } = JSON.parse(json) as { readonly launch: string };
    return encodeFrame({ ...fields, call }, Buffer.from(launch));
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: number, code: string, details: object = {}): void {
  if (response.headersSent) return;
  const body = JSON.stringify({ title: code.replaceAll('_', ' '), status, code, ...details });
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/problem+json' }).end(body);
}
