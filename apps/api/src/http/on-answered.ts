import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Note = (request: FastifyRequest, reply: FastifyReply) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it is over for those who asked by `onAnswered`. */
    isNoted?: boolean;
  }
}

const notes = new WeakMap<FastifyInstance, Note[]>();

/**
 * Calls back once for every request, when its answer is out, or is ready and nobody is there any more to take it: what was
 * asked for has been done all the same. The framework's own hook knows of the first only.
 */
export function onAnswered(fastify: FastifyInstance, note: Note): void {
  const known = notes.get(fastify);
  if (known) {
    known.push(note);
    return;
  }
  const all = [note];
  notes.set(fastify, all);
  watchAnswers(fastify, all);
}

function watchAnswers(fastify: FastifyInstance, all: readonly Note[]): void {
  const noteOnce: Note = (request, reply) => {
    if (request.isNoted) return;
    request.isNoted = true;
    for (const note of all) note(request, reply);
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
