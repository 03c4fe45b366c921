import { Hono } from 'hono';
import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { getAuth, requireAuth, type AuthEnv } from '@countersign/identity-token/hono';

const verifier = createIdentityTokenVerifier({ issuer: 'https://id.example.com', audience: 'shop' });

export const app = new Hono<AuthEnv>();

app.get('/orders', requireAuth(verifier), (context) => context.json({ userId: getAuth(context).userId }));

app.post('/orders', requireAuth(verifier, { scopes: ['orders:write'] }), (context) =>
  context.json({ userId: context.get('auth').userId }, 201),
);
