import { isUUID } from 'class-validator';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApplicationsService } from '@countersign/applications';
import type { Refusals } from '@countersign/observability';
import { onAnswered } from './on-answered';

/** Passes on every request that was answered with a problem. */
export function noteRefusals(
  fastify: FastifyInstance,
  refusals: Refusals,
  applications: ApplicationsService,
): void {
  onAnswered(fastify, (request, reply) => {
    const { id: requestId, problemCode: code, routeOptions, principal, adminPrincipal } = request;
    if (code === undefined) return;
    const { door, addressLimit } = routeOptions.config;
    refusals.note({
      requestId,
      route: routeOptions.url ?? 'unknown',
      door: door?.name ?? null,
      code,
      status: reply.statusCode,
      applicationId: principal?.applicationId ?? namedBy(request, applications),
      userId: principal?.userId ?? request.refusedUserId ?? null,
      principalId: adminPrincipal?.principalId ?? null,
      takesCredentials: addressLimit !== undefined && addressLimit.counts !== 'calls',
    });
  });
}

/** The application that the body names, if there is one: without a statement. */
function namedBy({ body }: FastifyRequest, applications: ApplicationsService): string | null {
  if (typeof body !== 'object' || body === null || !('applicationId' in body)) return null;
  const { applicationId } = body;
  if (typeof applicationId !== 'string' || !isUUID(applicationId)) return null;
  return applications.peekById(applicationId.toLowerCase())?.id ?? null;
}
