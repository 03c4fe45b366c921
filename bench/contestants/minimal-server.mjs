import { createServer } from 'node:http';
import { initDataVerifier } from './minimal-init-data.mjs';
import { MinimalStore } from './minimal-store.mjs';

const { DATABASE_URL, POOL_SIZE, BOT_TOKEN, TELEGRAM_KEY } = process.env;
const store = new MinimalStore(DATABASE_URL, Number(POOL_SIZE));
const verify = initDataVerifier({ botToken: BOT_TOKEN, publicKeyHex: TELEGRAM_KEY });

/** Each answers what goes to the client, or null to refuse. */
const routes = {
  'POST /v1/auth/telegram/init-data': async (request) => {
    const person = verify((await readJson(request)).initData);
    return person && store.logIn(person);
  },
  'POST /v1/auth/refresh': async (request) => store.refresh((await readJson(request)).refreshToken),
  'GET /v1/me': (request) => store.describe(request.headers.authorization.slice('Bearer '.length)),
};

const server = createServer((request, response) => {
  routes[`${request.method} ${request.url}`](request).then(
    (result) => answer(response, result ? 200 : 401, result ?? {}),
    (error) => answer(response, 500, { error: error.message }),
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

function answer(response, status, result) {
  const body = JSON.stringify(result);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
