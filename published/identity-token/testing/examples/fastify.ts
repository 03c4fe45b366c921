import fastify from 'fastify';
import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { getAuth, requireAuth } from '@countersign/identity-token/fastify';

const verifier = createIdentityTokenVerifier({ issuer: 'https://id.example.com', audience: 'shop' });

export const app = fastify();

app.get('/orders', { onRequest: requireAuth(verifier) }, (request) => ({ userId: getAuth(request).userId }));

app.post(
  '/orders',
  { onRequest: requireAuth(verifier, { scopes: ['orders:write'] }) },
  async (request, reply) => reply.code(201).send({ userId: request.auth?.userId }),
);
