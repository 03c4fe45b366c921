import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { ordersApp } from './app.js';

const { ISSUER = 'http://127.0.0.1:3000', JWKS_URL, PORT = '8080' } = process.env;

const verifier = createIdentityTokenVerifier({
  issuer: ISSUER,
  audience: 'orders',
  // Where the keys are for this service, if it cannot reach the issuer by its public name.
  ...(JWKS_URL !== undefined && { jwksUrl: JWKS_URL }),
  onRefreshFailed: (error) => app.log.warn({ error }, 'keys of the issuer could not be read'),
});
const app = ordersApp(verifier, { logger: { level: 'warn' } });

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());

// The gateway alone may reach it.
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
