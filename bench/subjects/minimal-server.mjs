import { createServer } from 'node:http';
import { initDataVerifier } from './minimal-init-data.mjs';
import { MinimalStore } from './minimal-store.mjs';

const { DATABASE_URL, POOL_SIZE, BOT_TOKEN, TELEGRAM_KEY } = process.env;
const store = new MinimalStore(DATABASE_URL, Number(POOL_SIZE));
const verify = initDataVerifier({ botToken: BOT_TOKEN, publicKeyHex: TELEGRAM_KEY });

/** Each says what goes to the client; null refuses. */
const routes = {
  'POST /v1/auth/telegram/init-data': async (request) => {
    const person = verify((await readJson(request)).initData);
    return person && ok(await store.logIn(person));
  },
  'POST /v1/auth/refresh': async (request) => ok(await store.refresh((await readJson(request)).refreshToken)),
  'GET /v1/me': async (request) => ok(await store.describe(tokenOf(request))),
  'GET /v1/gateway/authorize': async (request) => {
    const found = await store.identify(tokenOf(request));
    return (
      found && {
        status: 200,
        headers: { 'x-user-id': found.userId, 'x-session-id': found.sessionId },
      }
    );
  },
  'POST /v1/auth/logout': async (request) =>
    (await store.logOut(tokenOf(request))) ? { status: 204 } : null,
};

const server = createServer((request, response) => {
  routes[`${request.method} ${request.url}`](request).then(
    (said) => answer(response, said ?? { status: 401, body: {} }),
    (error) => answer(response, { status: 500, body: { error: error.message } }),
  );
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

function readJson(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    request
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))))
      .on('error', reject);
  });
}

function ok(body) {
  return body && { status: 200, body };
}

function tokenOf({ headers }) {
  return headers.authorization.slice('Bearer '.length);
}

function answer(response, { status, headers = {}, body }) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...headers, ...type, ...length });
  response.end(text);
}
