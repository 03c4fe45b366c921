import { askedJoin, resumeAct, stepUp } from './acts.js';
import { CountersignError } from './problem.js';
import type { Countersign, SessionState } from './types.js';

type Answer = object | CountersignError;

/** A client that gets these answers, one for each call, and writes down what it was asked. */
function aClient(answers: readonly Answer[], state: object = { status: 'loading' }) {
  const left = [...answers];
  const asked: unknown[][] = [];
  const call = async (...input: unknown[]): Promise<unknown> => {
    asked.push(input);
    const answer = left.shift();
    if (answer instanceof CountersignError) throw answer;
    return answer;
  };
  const session = { getSnapshot: () => state as SessionState };
  return { asked, client: { call, session } as unknown as Pick<Countersign, 'call' | 'session'> };
}

const CODE = 'Hq7mXw2kVt9pRb4cYd8nJs3f';
const REQUEST = { requestId: 'one', act: 'account.export', title: 'Export', code: CODE, expiresIn: 600 };
const linkOf = (botId: string) => ({
  environment: 'production' as const,
  botId,
  url: `https://t.me/bot_${botId}`,
});

describe('a step-up', () => {
  afterEach(() => jest.useRealTimers());

  it.each([
    ['the only bot', ['1'], undefined, 'https://t.me/bot_1'],
    ['the named one of several bots', ['1', '2'], '2', 'https://t.me/bot_2'],
    ['no bot, whose code is for people to read', [], undefined, null],
  ])('opens the link of %s', async (_, bots, botId, link) => {
    const { client, asked } = aClient([{ ...REQUEST, links: bots.map(linkOf) }]);
    const opened: string[] = [];

    const { title, code, ...found } = await stepUp(client, 'account.export', {
      openLink: (url) => opened.push(url),
      ...(botId !== undefined && { botId }),
    });

    expect(asked).toEqual([['POST', '/v1/me/step-up/requests', { body: { act: 'account.export' } }]]);
    expect({ title, code }).toEqual({ title: 'Export', code: CODE });
    expect(found.link).toBe(link);
    expect(opened).toEqual(link === null ? [] : [link]);
  });

  it('waits for its outcome over answers that say nothing', async () => {
    jest.useFakeTimers();
    const { client, asked } = aClient([
      { ...REQUEST, links: [] },
      { state: 'waiting' },
      new CountersignError('local.unreachable'),
      new CountersignError('request.rate_limited', 429, {}, 30),
      { state: 'stepped-up' },
      { state: 'done' },
    ]);
    const { outcome } = await stepUp(client, 'account.export');
    const told = outcome();

    await jest.advanceTimersByTimeAsync(4_000);
    expect(asked).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(29_000);
    expect(asked).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(3_000);

    expect(await told).toBe('done');
    expect(asked).toHaveLength(6);
  });

  it('throws what ends the wait', async () => {
    const { client } = aClient([{ ...REQUEST, links: [] }, new CountersignError('session.ended', 401)]);
    const { outcome } = await stepUp(client, 'account.export');

    await expect(outcome()).rejects.toMatchObject({ code: 'session.ended' });
  });
});

describe('the grant of a launch', () => {
  const grant = 'cs_sg_one';
  const stepUpState = {
    status: 'signed-in',
    startParam: 's_one',
    stepUp: { act: 'account.export', title: 'Export', grant },
  };
  const joinState = { status: 'signed-in', startParam: 'j_one', join: { code: 'one', grant } };

  it('is with the call of the act, and over after it', async () => {
    const { client, asked } = aClient([new CountersignError('local.unreachable'), {}], stepUpState);
    const act = resumeAct(client);
    const input = { query: {}, headers: { 'X-Other': 'kept' } } as never;

    await expect(act?.call('GET', '/v1/me/export', input)).rejects.toMatchObject({
      code: 'local.unreachable',
    });
    expect(resumeAct(client)).not.toBeNull();
    await act?.call('GET', '/v1/me/export', input);

    expect(asked.at(-1)).toEqual([
      'GET',
      '/v1/me/export',
      { query: {}, headers: { 'X-Other': 'kept', 'X-Step-Up-Grant': grant } },
    ]);
    expect(resumeAct(client)).toBeNull();
  });

  it('is over when the service knows it no more', async () => {
    const ended = new CountersignError('account.join_not_found', 404);
    const { client } = aClient([new CountersignError('account.join_number_wrong', 403), ended], joinState);
    const join = askedJoin(client);

    await expect(join?.accept(42)).rejects.toMatchObject({ code: 'account.join_number_wrong' });
    expect(askedJoin(client)).not.toBeNull();
    await expect(join?.accept(43)).rejects.toMatchObject({ code: 'account.join_not_found' });
    expect(askedJoin(client)).toBeNull();
  });

  it.each([
    { status: 'loading' },
    { status: 'signed-in', startParam: null },
    { status: 'signed-in', startParam: 'i_invitation' },
  ])('is not there: %o', (state) => {
    const { client } = aClient([], state);

    expect(resumeAct(client)).toBeNull();
    expect(askedJoin(client)).toBeNull();
  });
});
