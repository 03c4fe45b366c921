import { getAuth, requireAuth } from '@countersign/identity-token/next';
import type { Answer, Serve } from './served';

/** Next calls route handlers with a `Request` and the parameters of the path, and answers 500 when one throws. */
type RouteHandler = (request: Request, context: { params: Promise<object> }) => Promise<Response>;

export const serveByNext: Serve = async (verifier) => {
  let calls = 0;
  const headers = { 'access-control-allow-origin': 'https://shop.example.com' };
  const routes: Record<string, RouteHandler> = {
    '/orders': requireAuth(verifier)(async (request) => {
      calls += 1;
      const { userId, scopes } = getAuth(request);
      return Response.json({ userId, scopes }, { headers });
    }),
    '/orders/all': requireAuth(verifier, { scopes: ['orders:read', 'orders:all'] })(() =>
      Response.json({ calls: (calls += 1) }),
    ),
    '/refunds': requireAuth(verifier, { leastAssurance: 'platform' })(() =>
      Response.json({ calls: (calls += 1) }),
    ),
    '/open': async (request) => Response.json(getAuth(request)),
  };
  return {
    calls: () => calls,
    get: (path, ...wire) => call(routes[path], requestOf(path, wire)),
    close: async () => undefined,
  };
};

function requestOf(path: string, wire: readonly string[]): Request {
  const headers = new Headers();
  for (let at = 0; at < wire.length; at += 2) headers.append(wire[at] ?? '', wire[at + 1] ?? '');
  return new Request(`http://shop${path}`, { headers });
}

async function call(handler: RouteHandler | undefined, request: Request): Promise<Answer> {
  const answer = await handler?.(request, { params: Promise.resolve({}) }).catch((error: unknown) =>
    Response.json({ message: String(error) }, { status: 500 }),
  );
  if (!answer) throw new Error('there is no such route');
  const headers = Object.fromEntries(answer.headers);
  return { status: answer.status, headers, body: await answer.json() };
}
