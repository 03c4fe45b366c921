import 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that was sent, for the log line. */
    problemCode?: string;
    /** The caller, for the log line. */
    callerUserId?: string;
  }
}
