import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Calls back once for every request, when its answer is out, or is ready and nobody is there any more to take it: what was
 * asked for has been done all the same. The framework's own hook knows of the first only.
 */
export function onAnswered(
  fastify: FastifyInstance,
  note: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  const noted = new WeakSet<FastifyRequest>();
  const noteOnce = (request: FastifyRequest, reply: FastifyReply): void => {
    if (noted.has(request)) return;
    noted.add(request);
    note(request, reply);
  };
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.raw.destroyed) noteOnce(request, reply);
    else
      reply.raw.once('close', () => {
        noteOnce(request, reply);
      });
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    noteOnce(request, reply);
    done();
  });
}
