import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { IdentityTokenVerifier } from '@countersign/identity-token';
import { getAuth, requireAuth } from '@countersign/identity-token/fastify';

interface Order {
  readonly orderId: string;
  readonly item: string;
  readonly orderedAt: string;
  isRefunded: boolean;
}

const MAX_ORDERS_PER_PERSON = 100;
const ITEMS = ['coffee', 'tea', 'cake'];
const placeOrder = {
  body: {
    type: 'object',
    required: ['item'],
    additionalProperties: false,
    properties: { item: { type: 'string', enum: ITEMS } },
  },
};
const refundOrder = {
  body: {
    type: 'object',
    required: ['orderId'],
    additionalProperties: false,
    properties: { orderId: { type: 'string', format: 'uuid' } },
  },
};

/**
 * Orders by account. Every route takes the account from the verified identity token, never from the request, so that no person
 * reaches the orders of another. The orders are kept in memory, for the example.
 */
export function ordersApp(verifier: IdentityTokenVerifier, options: FastifyServerOptions): FastifyInstance {
  const app = fastify(options);
  const ordersByUser = new Map<string, Order[]>();
  const ordersOf = (userId: string): Order[] => {
    const orders = ordersByUser.get(userId) ?? [];
    ordersByUser.set(userId, orders);
    return orders;
  };

  app.get('/orders/', { onRequest: requireAuth(verifier) }, (request) => ({
    items: ordersOf(getAuth(request).userId).toReversed(),
  }));

  app.post<{ Body: { item: string } }>(
    '/orders/',
    { onRequest: requireAuth(verifier), schema: placeOrder },
    async (request, reply) => {
      const orders = ordersOf(getAuth(request).userId);
      if (orders.length >= MAX_ORDERS_PER_PERSON)
        return sendProblem(reply, 409, 'There are too many orders', 'order.limit_reached');
      const order: Order = {
        orderId: randomUUID(),
        item: request.body.item,
        orderedAt: new Date().toISOString(),
        isRefunded: false,
      };
      orders.push(order);
      return reply.code(201).send(order);
    },
  );

  // A refund moves money. It needs this scope, and a sign-in with Telegram's own signature.
  const mayRefund = requireAuth(verifier, { scopes: ['orders:refund'], leastAssurance: 'platform' });
  app.post<{ Body: { orderId: string } }>(
    '/orders/refunds',
    { onRequest: mayRefund, schema: refundOrder },
    async (request, reply) => {
      const order = ordersOf(getAuth(request).userId).find(({ orderId }) => orderId === request.body.orderId);
      if (order === undefined) return sendProblem(reply, 404, 'There is no such order', 'order.not_found');
      order.isRefunded = true;
      return order;
    },
  );

  return app;
}

interface Reply {
  code(status: number): Reply;
  type(contentType: string): Reply;
  send(body: string): Reply;
}

/** Answers problem details (RFC 9457), as the gateway does. */
function sendProblem<R extends Reply>(reply: R, status: number, title: string, code: string): R {
  reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, code }));
  return reply;
}
