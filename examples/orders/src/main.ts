import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { ordersApp } from './app.js';

const { HOST = '127.0.0.1', ISSUER = 'http://127.0.0.1:3000', JWKS_URL, PORT = '8080' } = process.env;

const verifier = createIdentityTokenVerifier({
  issuer: ISSUER,
  audience: 'orders',
  // The address of the keys, if this service cannot reach the issuer by its public URL. Inside the gateway's network it may be plain HTTP.
  ...(JWKS_URL !== undefined && { jwksUrl: JWKS_URL, allowHttp: true }),
  onRefreshFailed: (error) => app.log.warn({ error }, 'keys of the issuer could not be read'),
});
const app = ordersApp(verifier, { logger: { level: 'warn' } });

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());

// Only the gateway may connect to this service. It listens on this machine only, unless HOST is set.
await app.listen({ host: HOST, port: Number(PORT) });
