import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import type { IdentityTokenVerifier } from '@countersign/identity-token';
import { getAuth, requireAuth } from '@countersign/identity-token/fastify';
import { ITEMS, Round, ROUND_MS, type Item, type RoundState } from './round.js';
import type { Score } from './scores.js';

interface Result {
  readonly points: number;
  /** Whether the score arrived on the board. */
  readonly isSent: boolean;
}

interface PlayedRound {
  readonly round: Round;
  readonly result: Promise<Result>;
}

const move = {
  body: {
    type: 'object',
    required: ['guest', 'item'],
    additionalProperties: false,
    properties: { guest: { type: 'integer' }, item: { type: 'string', enum: ITEMS } },
  },
};

/**
 * A game by account: the account comes from the verified identity token only, so that no person plays the round of another. The
 * latest round of each person is kept in memory, for the example: with a restart, running rounds are lost.
 */
export function gameApp(
  verifier: IdentityTokenVerifier,
  scores: { send(score: Score): Promise<void> },
  options: FastifyServerOptions,
): FastifyInstance {
  const app = fastify(options);
  const onRequest = requireAuth(verifier);
  const rounds = new Map<string, PlayedRound>();
  const now = (): number => performance.now();

  /** Returns the round in the path, if it is the caller's latest round. */
  function roundOf(request: FastifyRequest<{ Params: { roundId: string } }>): PlayedRound {
    const played = rounds.get(getAuth(request).userId);
    if (played?.round.roundId !== request.params.roundId)
      throw new Refusal(404, 'round.not_found', 'There is no such round');
    return played;
  }

  /** Waits until the round is over, and sends its score. The score has the id of the round, so it counts once. */
  async function finish(round: Round, userId: string): Promise<Result> {
    await sleep(ROUND_MS);
    const points = round.end();
    try {
      await scores.send({ id: round.roundId, userId, score: points });
      return { points, isSent: true };
    } catch (error) {
      app.log.error({ error, roundId: round.roundId }, 'a score was not sent');
      return { points, isSent: false };
    }
  }

  app.post('/game/rounds', { onRequest }, async (request, reply) => {
    const { userId } = getAuth(request);
    if (rounds.get(userId)?.round.isOver(now()) === false)
      throw new Refusal(409, 'round.running', 'A round of yours is running');
    const round = new Round(now());
    rounds.set(userId, { round, result: finish(round, userId) });
    return reply.code(201).send(round.stateAt(now()));
  });

  app.post<{ Params: { roundId: string }; Body: { guest: number; item: Item } }>(
    '/game/rounds/:roundId/moves',
    { onRequest, schema: move },
    (request): RoundState => {
      const { round } = roundOf(request);
      if (round.isOver(now())) throw new Refusal(409, 'round.over', 'The round is over');
      round.serve(request.body.guest, request.body.item);
      return round.stateAt(now());
    },
  );

  /** Answers when the round is over. */
  app.get<{ Params: { roundId: string } }>(
    '/game/rounds/:roundId/result',
    { onRequest },
    (request) => roundOf(request).result,
  );

  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message: title } = error;
    // These are problem details (RFC 9457), as in the answers of the gateway.
    return reply
      .code(status)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title, status, code }));
  });

  return app;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
  ) {
    super(title);
  }
}
