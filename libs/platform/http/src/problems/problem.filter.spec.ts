// @own-modules
import type { FastifyReply, FastifyRequest } from 'fastify';
import { defineErrors } from '@countersign/text';
import type { Logger } from '@countersign/runtime';
import { RouteTable } from '../routes/route-table';
import { ProblemFilter } from './problem.filter';

const error = defineErrors({
  'toy.person_not_found': { kind: 'not-found', title: 'No such person', codeForSelf: 'toy.session_ended' },
  'toy.session_ended': { kind: 'unauthenticated', title: 'The session has ended' },
});

function codeFor(callerUserId: string | undefined, thrown: Error): unknown {
  const sent: string[] = [];
  const reply = {
    status: () => reply,
    headers: () => reply,
    send: (body: string) => sent.push(body),
  } as unknown as FastifyReply;
  const request = {
    id: 'r',
    raw: { errored: null },
    headers: {},
    routeOptions: { config: {} },
    ...(callerUserId === undefined ? {} : { callerUserId }),
  } as unknown as FastifyRequest;
  const logger = {
    error: () => undefined,
    warn: () => undefined,
    info: () => undefined,
  } as unknown as Logger;
  new ProblemFilter(logger, new RouteTable(() => true), []).answer(thrown, request, reply);
  return (JSON.parse(sent[0] ?? '{}') as { code?: unknown }).code;
}

describe('an error about an account that is gone', () => {
  const ofAda = error('toy.person_not_found', { userId: 'ada' });

  it('ends the session of its own person', () => {
    expect(codeFor('ada', ofAda)).toBe('toy.session_ended');
  });

  it.each([
    ['to another person', 'bob', ofAda],
    ['to a caller without an account', undefined, ofAda],
    ['that names no account', 'ada', error('toy.person_not_found')],
    ['that names no account, to a caller without one', undefined, error('toy.person_not_found')],
  ])('stays as it is %s', (_, caller, thrown) => {
    expect(codeFor(caller, thrown)).toBe('toy.person_not_found');
  });
});
