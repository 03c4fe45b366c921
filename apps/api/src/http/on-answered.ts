import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Note = (request: FastifyRequest, reply: FastifyReply) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether `onAnswered` has reported it. */
    isNoted?: boolean;
  }
}

const notes = new WeakMap<FastifyInstance, Note[]>();

/**
 * Calls `note` once per request: when its response is out, or was ready after the client had gone, since the
 * work was done in both cases. The framework's own hook covers the first case only.
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
