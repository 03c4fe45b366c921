import fastify from 'fastify';
import { getAuth, requireAuth } from '@countersign/identity-token/fastify';
import { getFrom, type Serve } from './served';

/** A schema that leaves out all members of what its code answers. */
const schema = { response: { '4xx': { type: 'object', properties: {} } } };

export const serveByFastify: Serve = async (verifier) => {
  let calls = 0;
  const app = fastify();
  app.addHook('onRequest', async (_, reply) => {
    void reply.header('access-control-allow-origin', 'https://shop.example.com');
  });
  app.get<{ Querystring: { page: string }; Reply: object }>(
    '/orders',
    { onRequest: requireAuth(verifier), schema },
    async (request) => {
      calls += 1;
      return { userId: getAuth(request).userId, scopes: request.auth?.scopes };
    },
  );
  app.get(
    '/orders/all',
    { preHandler: requireAuth(verifier, { scopes: ['orders:read', 'orders:all'] }) },
    async () => ({ calls: (calls += 1) }),
  );
  app.get('/refunds', { onRequest: requireAuth(verifier, { leastAssurance: 'platform' }) }, async () => ({
    calls: (calls += 1),
  }));
  app.get('/open', async (request) => getAuth(request));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    calls: () => calls,
    get: (path, ...headers) => getFrom(app.server, path, headers),
    close: () => app.close(),
  };
};
