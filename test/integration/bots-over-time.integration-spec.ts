import { randomBytes } from 'node:crypto';
import { aBotToken, aPerson, countBy, times } from '../factories';
import { auditOf } from '../support/audit';
import { signInPerson } from '../support/person-session';
import { contactOf, loginOf, postTo } from '../support/proofs';
import { useCountersign } from '../support/run-countersign';
import type { Demo } from '../support/test-app';
import { useTestApp } from '../support/use-test-app';

const PLACE = { provider: 'telegram', environment: 'production' } as const;
const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

const app = useTestApp();
const countersign = useCountersign(app);

async function aGame(): Promise<Demo> {
  return app.createApplication({ settings: { dataNeeds: ['name', 'phone'] } });
}

function nextTokenOf({ botId }: Pick<Demo, 'botId'>): string {
  return `${botId}:${randomBytes(26).toString('base64url')}`;
}

function inSeconds(seconds: number): Date {
  return new Date(app.clock.now().getTime() + seconds * 1000);
}

/** What each kind of proof that rests on a token meets, by a person who has a session. */
type Verdicts = (botToken: string) => Promise<Record<'initData' | 'widget' | 'contact', string>>;

async function verdictsOf(game: Demo): Promise<Verdicts> {
  const person = aPerson();
  const session = await signInPerson(app, game, person);
  const { applicationId } = game;
  return async (botToken) => {
    const bot = { ...game, botToken };
    expect((await session.stepUp()).status).toBe(200);
    const contact = contactOf(app, bot, person);
    const answers = await Promise.all([
      postTo(app, 'telegram/init-data', { applicationId, initData: app.initDataOf(bot, person) }),
      postTo(app, 'telegram/login-widget', { applicationId, data: loginOf(app, bot, person) }),
      session.post('/v1/me/contact', { contact }),
    ]);
    const [initData = '', widget = '', contactVerdict = ''] = answers.map(
      ({ status, body }) => (body as { code?: string }).code ?? String(status),
    );
    return { initData, widget, contact: contactVerdict };
  };
}

const ACCEPTED = { initData: '200', widget: '200', contact: '204' };
const REFUSED = {
  initData: 'init_data.hash_mismatch',
  widget: 'login_widget.hash_mismatch',
  contact: 'contact.hash_mismatch',
};

describe('a bot gets a new token', () => {
  it('verifies by both until the instant, and by the new one alone from then on', async () => {
    const game = await aGame();
    const verdicts = await verdictsOf(game);
    const token = nextTokenOf(game);
    const until = inSeconds(600).toISOString();

    expect(await verdicts(token)).toEqual(REFUSED);
    expect(
      await countersign.json(`bot rotate ${game.botId} --token-stdin --overlap-until ${until}`, `${token}\n`),
    ).toMatchObject({ botId: game.botId, priorTokenExpiresAt: until });

    app.clock.advance(599);
    expect(await verdicts(game.botToken)).toEqual(ACCEPTED);
    expect(await verdicts(token)).toEqual(ACCEPTED);
    app.clock.advance(1);
    expect(await verdicts(game.botToken)).toEqual(REFUSED);
    expect(await verdicts(token)).toEqual(ACCEPTED);
  });

  it('verifies by the new one at once where no overlap is wanted', async () => {
    const game = await aGame();
    const verdicts = await verdictsOf(game);
    const token = nextTokenOf(game);

    expect(await countersign.json(`bot rotate ${game.botId} --token-stdin`, token)).toMatchObject({
      botId: game.botId,
      priorTokenExpiresAt: null,
    });

    expect(await verdicts(game.botToken)).toEqual(REFUSED);
    expect(await verdicts(token)).toEqual(ACCEPTED);
  });

  it('takes the token before back, and forgets the one before that', async () => {
    const game = await aGame();
    const verdicts = await verdictsOf(game);
    const [second, third] = [nextTokenOf(game), nextTokenOf(game)];
    const key = { ...PLACE, botId: game.botId };
    const overlapUntil = inSeconds(600);

    await app.bots.rotateToken(key, { token: second, overlapUntil });
    await app.bots.rotateToken(key, { token: game.botToken, overlapUntil });
    expect([await verdicts(game.botToken), await verdicts(second)]).toEqual([ACCEPTED, ACCEPTED]);

    await app.bots.rotateToken(key, { token: third, overlapUntil });
    expect([await verdicts(third), await verdicts(game.botToken)]).toEqual([ACCEPTED, ACCEPTED]);
    expect(await verdicts(second)).toEqual(REFUSED);
  });

  it('changes nothing but the overlap when the same token comes again', async () => {
    const game = await aGame();
    const verdicts = await verdictsOf(game);
    const token = nextTokenOf(game);
    const rotate = `bot rotate ${game.botId} --token-stdin`;

    await countersign.json(`${rotate} --overlap-until ${inSeconds(600).toISOString()}`, token);
    await countersign.json(`${rotate} --overlap-until ${inSeconds(60).toISOString()}`, token);
    expect([await verdicts(game.botToken), await verdicts(token)]).toEqual([ACCEPTED, ACCEPTED]);
    app.clock.advance(60);
    expect([await verdicts(game.botToken), await verdicts(token)]).toEqual([REFUSED, ACCEPTED]);
  });

  it('keeps the token that it has when the new one is refused', async () => {
    const game = await aGame();
    const messenger = await app.createApplication({
      bot: { provider: 'openweb3', token: nextTokenOf(game) },
    });
    const before = await rowOf(game);
    // The bot of the messenger has the same number.
    const rotate = `bot rotate ${before.id} --token-stdin`;
    expect(await countersign.failure(`bot rotate ${game.botId} --token-stdin`, nextTokenOf(game))).toContain(
      'Several bots have the number',
    );

    for (const [words, token, code] of [
      [rotate, aBotToken(), 'bot.token_of_another'],
      [rotate, messenger.botToken, 'bot.token_in_use'],
      [rotate, 'hidden-word', 'bot.invalid_token'],
      [rotate, '', 'bot.invalid_token'],
      [`${rotate} --overlap-until 2020-01-01T00:00:00Z`, nextTokenOf(game), 'bot.overlap_refused'],
      [`bot rotate ${UNKNOWN_ID} --token-stdin`, '1:abc', 'bot.not_found'],
    ] as const) {
      const sentence = await countersign.failure(words, token);
      expect(sentence).toContain(`(${code})`);
      if (token !== '') expect(sentence).not.toContain(token.split(':')[1] ?? token);
    }
    expect(await rowOf(game)).toEqual(before);
  });

  it('comes out of many rotations at once with one of the tokens, while people sign in', async () => {
    const game = await aGame();
    const verdicts = await verdictsOf(game);
    const tokens = times(20, () => nextTokenOf(game));
    const { applicationId, botId } = game;

    const answers = await app.withReplica(async (replica) => {
      const rotations = tokens.map((token, index) =>
        (index % 2 === 0 ? app : replica).bots.rotateToken(
          { ...PLACE, botId },
          { token, overlapUntil: inSeconds(600) },
        ),
      );
      const signIns = tokens.map((botToken) =>
        app.postSignIn({ applicationId, initData: app.initDataOf({ ...game, botToken }) }),
      );
      await Promise.all(rotations);
      return Promise.all(signIns);
    });

    expect(Object.keys(countBy(answers, ({ status }) => status)).filter((status) => status >= '500')).toEqual(
      [],
    );
    const accepted: string[] = [];
    for (const token of [game.botToken, ...tokens])
      if ((await verdicts(token)).initData === '200') accepted.push(token);
    expect(accepted).toHaveLength(2);
    expect(tokens).toEqual(expect.arrayContaining(accepted));
    app.clock.advance(600);
    const left = await Promise.all(accepted.map(async (token) => (await verdicts(token)).initData));
    expect(left.sort()).toEqual(['200', 'init_data.hash_mismatch']);
    expect(await auditOf(app, { applicationId, action: 'bot.token_rotated' })).toHaveLength(20);
  });
});

async function rowOf({ botId }: Demo): Promise<{ readonly id: string }> {
  const [row] = await app.database.query<{ readonly id: string }>(
    `SELECT * FROM bots WHERE provider = 'telegram' AND bot_id = $1`,
    [botId],
  );
  if (!row) throw new Error('no such bot');
  return row;
}
