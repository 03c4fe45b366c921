import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { gameApp } from './app.js';
import { Scores } from './scores.js';

const { ISSUER = 'http://127.0.0.1:3000', COUNTERSIGN_URL = ISSUER, PORT = '8081' } = process.env;

const verifier = createIdentityTokenVerifier({
  issuer: ISSUER,
  audience: 'game',
  jwksUrl: `${COUNTERSIGN_URL}/.well-known/jwks.json`,
  onRefreshFailed: (error) => app.log.warn({ error }, 'keys of the issuer could not be read'),
});
const scores = new Scores({
  countersign: COUNTERSIGN_URL,
  applicationId: required('APPLICATION_ID'),
  clientSecret: required('CLIENT_SECRET'),
  boardId: required('BOARD_ID'),
});
const app = gameApp(verifier, scores, { logger: { level: 'warn' } });

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());

// Only the gateway may connect to this service, so it listens on this machine only.
await app.listen({ host: '127.0.0.1', port: Number(PORT) });

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}
