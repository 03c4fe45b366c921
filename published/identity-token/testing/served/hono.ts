import { once } from 'node:events';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { getAuth, requireAuth } from '@countersign/identity-token/hono';
import { close, getFrom, type Serve } from './served';

export const serveByHono: Serve = async (verifier) => {
  let calls = 0;
  const app = new Hono()
    .use(async (context, next) => {
      context.header('access-control-allow-origin', 'https://shop.example.com');
      await next();
    })
    .get('/orders', requireAuth(verifier), (context) => {
      calls += 1;
      return context.json({ userId: getAuth(context).userId, scopes: context.get('auth').scopes });
    })
    .get('/orders/all', requireAuth(verifier, { scopes: ['orders:read', 'orders:all'] }), (context) =>
      context.json({ calls: (calls += 1) }),
    )
    .get('/refunds', requireAuth(verifier, { leastAssurance: 'platform' }), (context) =>
      context.json({ calls: (calls += 1) }),
    )
    .get('/open', (context) => context.json(getAuth(context)))
    .onError((error, context) => context.json({ message: String(error) }, 500));
  const server = serve({
    fetch: app.fetch,
    port: 0,
    hostname: '127.0.0.1',
    overrideGlobalObjects: false,
  }) as Server;
  if (!server.listening) await once(server, 'listening');
  return {
    calls: () => calls,
    get: (path, ...headers) => getFrom(server, path, headers),
    close: () => close(server),
  };
};
