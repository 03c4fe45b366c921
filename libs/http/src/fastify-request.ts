import 'fastify';
import type { Challenge } from '@countersign/errors';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that was answered, for the log line. */
    problemCode?: string;
    /** What the problem that was answered asks of the caller. */
    challenge?: Challenge | undefined;
    /** Who asked, for the log line. */
    callerUserId?: string;
  }
}
