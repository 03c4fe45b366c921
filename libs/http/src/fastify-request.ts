import 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that was answered, for the log line. */
    problemCode?: string;
    /** Who asked, for the log line. */
    callerUserId?: string;
  }
}
