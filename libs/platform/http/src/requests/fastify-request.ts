import 'fastify';
import type { Challenge } from '@countersign/errors';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that was sent, for the log line. */
    problemCode?: string;
    /** The challenge of the problem that was sent. */
    challenge?: Challenge | undefined;
    /** The caller, for the log line. */
    callerUserId?: string;
  }
}
