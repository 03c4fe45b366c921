import { once } from 'node:events';
import express, { type ErrorRequestHandler } from 'express';
import { getAuth, requireAuth } from '@countersign/identity-token/express';
import { close, getFrom, type Serve } from './served';

export const serveByExpress: Serve = async (verifier) => {
  let calls = 0;
  const app = express();
  app.use((_, response, next) => {
    response.setHeader('access-control-allow-origin', 'https://shop.example.com');
    next();
  });
  app.get('/orders', requireAuth(verifier), (request, response) => {
    calls += 1;
    response.json({ userId: getAuth(request).userId, scopes: request.auth?.scopes });
  });
  app.get(
    '/orders/all',
    requireAuth(verifier, { scopes: ['orders:read', 'orders:all'] }),
    (_, response) => void response.json({ calls: (calls += 1) }),
  );
  app.get(
    '/refunds',
    requireAuth(verifier, { leastAssurance: 'platform' }),
    (_, response) => void response.json({ calls: (calls += 1) }),
  );
  app.get('/open', (request, response) => void response.json(getAuth(request)));
  app.use(((error: unknown, _, response, next) => {
    if (response.headersSent) next(error);
    else response.status(500).json({ message: String(error) });
  }) satisfies ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    calls: () => calls,
    get: (path, ...headers) => getFrom(server, path, headers),
    close: () => close(server),
  };
};
