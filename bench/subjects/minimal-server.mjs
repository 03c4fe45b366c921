import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { initDataVerifier } from './minimal-init-data.mjs';
import { MinimalStore } from './minimal-store.mjs';

const { DATABASE_URL, POOL_SIZE, BOT_TOKEN, TELEGRAM_KEY } = process.env;
const store = new MinimalStore(DATABASE_URL, Number(POOL_SIZE));
const verify = initDataVerifier({ botToken: BOT_TOKEN, publicKeyHex: TELEGRAM_KEY });
const tokenOf = ({ headers }) => headers.authorization.slice('Bearer '.length);

/** Each returns the body of a success, or status and headers; null rejects. */
const routes = {
  'POST /v1/auth/telegram/init-data': async (request) => {
    const person = verify((await json(request)).initData);
    return person && { body: await store.logIn(person) };
  },
  'POST /v1/auth/refresh': async (request) => {
    const body = await store.refresh((await json(request)).refreshToken);
    return body && { body };
  },
  'GET /v1/me': async (request) => {
    const body = await store.describe(tokenOf(request));
    return body && { body };
  },
  'GET /v1/gateway/authorize': async (request) => {
    const found = await store.identify(tokenOf(request));
    return found && { headers: { 'x-user-id': found.userId, 'x-session-id': found.sessionId } };
  },
  'POST /v1/auth/logout': async (request) => (await store.logOut(tokenOf(request))) && { status: 204 },
};

const server = createServer((request, response) => {
  routes[`${request.method} ${request.url}`](request).then(
    (result) => answer(response, result ?? { status: 401, body: {} }),
    (error) => answer(response, { status: 500, body: { error: error.message } }),
  );
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

function answer(response, { status = 200, headers = {}, body }) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...headers, ...type, ...length });
  response.end(text);
}
