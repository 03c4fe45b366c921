import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DailyCounters } from '@countersign/audit';
import type { Logger, Metrics } from '@countersign/runtime';

declare module 'fastify' {
  interface FastifyRequest {
    isNoted?: boolean;
  }
}

const REFRESH_ROUTE = '/v1/auth/refresh';
const ADMIN_ROUTES = '/v1/admin/';
const ADMIN_REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);

export interface RefusalCounts {
  readonly counters: Pick<DailyCounters, 'add'>;
  /** Callers may name any application. Only existing ones have their own count. */
  readonly isKnown: (applicationId: string) => boolean;
}

/** Logs and counts each request once, also if its client has gone. The hook of the framework misses this case. */
export function noteRequests(
  fastify: FastifyInstance,
  logger: Logger,
  metrics: Metrics,
  refusals: RefusalCounts,
): void {
  const note = (request: FastifyRequest, reply: FastifyReply): void => {
    if (request.isNoted) return;
    request.isNoted = true;
    log(logger, request, reply);
    count(metrics, request, reply);
    countRefusal(refusals, request, reply);
  };
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.raw.destroyed) note(request, reply);
    else
      reply.raw.once('close', () => {
        note(request, reply);
      });
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    note(request, reply);
    done();
  });
}

/** Logs the pattern of the route. The URL may contain secrets by mistake of a client. */
function log(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { problemCode, callerUserId, adminPrincipal } = request;
  logger.info(
    {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      ...(problemCode ? { code: problemCode } : {}),
      ...(callerUserId ? { userId: callerUserId } : {}),
      ...(adminPrincipal ? { principalId: adminPrincipal.principalId } : {}),
      ...(reply.raw.writableFinished ? {} : { isHungUp: true }),
    },
    'answered',
  );
}

/** Counts responses, and outcomes for each door. The label is the pattern of the route. */
function count(metrics: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  const { method, problemCode, routeOptions } = request;
  const route = routeOptions.url ?? 'unknown';
  metrics.requestAnswered({ route, method, status: reply.statusCode, seconds: reply.elapsedTime / 1_000 });
  if (problemCode === 'service.data_unreadable') metrics.dataUnreadable({});
  if (problemCode && route.startsWith(ADMIN_ROUTES) && ADMIN_REFUSALS.has(reply.statusCode))
    metrics.adminRefused({ code: problemCode });
  if (route === REFRESH_ROUTE) metrics.refresh({ outcome: problemCode ?? 'refreshed' });
  const { door } = routeOptions.config;
  // Fastify answers HEAD with the route of GET.
  if (door && method !== 'HEAD') metrics.signIn({ door: door.name, outcome: problemCode ?? door.success });
}

function countRefusal(
  { counters, isKnown }: RefusalCounts,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { problemCode, body, routeOptions } = request;
  const isSignIn = routeOptions.config.door !== undefined || routeOptions.url === REFRESH_ROUTE;
  if (!isSignIn || !problemCode || reply.statusCode >= 500) return;
  const { applicationId } = (body ?? {}) as { readonly applicationId?: unknown };
  const id = typeof applicationId === 'string' ? applicationId.toLowerCase() : '';
  counters.add('call.refused', isKnown(id) ? id : null, problemCode);
}
