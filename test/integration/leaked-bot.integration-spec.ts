import { aBotToken, aPerson } from '../factories';
import { aLenientGame, postByHash, signInByHash } from '../support/lenient-game';
import { isLive, sessionOf, signInOpenWeb3, signInPerson } from '../support/person-session';
import { openWeb3InitDataOf } from '../support/proofs';
import { useCountersign } from '../support/run-countersign';
import { useTestApp } from '../support/use-test-app';

interface Recovery {
  readonly status: string;
  readonly endedSessions: number;
  readonly identities: readonly unknown[];
  readonly profiles: readonly { userId: string | null; actor: string; fields: readonly string[] }[];
}

describe('countersign bot leaked', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);

  it('rejects the token, ends what it opened, names what it changed, and lets the bot go on with the new one', async () => {
    const game = await aLenientGame(app);
    const person = aPerson();
    const genuine = await signInPerson(app, game, person);
    app.clock.advance(60);
    const since = app.clock.now().toISOString();
    // The holder of the token signs as the person, who owns an account, and as one who was never there.
    const stolen = await signInByHash(app, game, person);
    const forged = sessionOf(app, stolen, person, () => ({}));
    expect((await forged.patch('/v1/me/profile', { displayName: 'Thief' })).status).toBe(200);
    await signInByHash(app, game, aPerson());
    app.clock.advance(60);
    const leaked = `bot leaked ${game.botId} --since ${since}`;

    const { output, exitCode } = await countersign.run(leaked);
    const found = await countersign.json<Recovery>(leaked);

    expect(exitCode).toBe(0);
    expect(output).toContain(`1. Bot ${game.botId} is compromised`);
    expect(output).toContain('2. 2 session(s) ended');
    expect(output).toContain(
      `countersign user reveal ${genuine.userId} --field profile.displayName --reason`,
    );
    expect(output).toContain(`countersign bot leaked ${game.botId} --since ${since} --token-stdin`);
    // The second time there is nothing to end; what a person has to judge is named again.
    expect(found).toMatchObject({
      status: 'compromised',
      endedSessions: 0,
      identities: [],
      profiles: [{ userId: genuine.userId, actor: `session:${stolen.sessionId}`, fields: ['displayName'] }],
    });
    expect(await isLive(app, stolen)).toBe(false);
    expect(await isLive(app, genuine)).toBe(true);
    expect((await postByHash(app, game)).body).toMatchObject({ code: 'bot.compromised' });

    const token = aBotToken(game.botId);
    const ended = await countersign.run(`${leaked} --token-stdin`, token);

    expect(ended.output).toContain('5. The bot has the new token.\n6. The bot is active');
    expect(ended.output + output).not.toContain(token.slice(-20));
    expect(ended.output + output).not.toContain(game.botToken.slice(-20));
    expect((await postByHash(app, game)).body).toMatchObject({ code: 'init_data.hash_mismatch' });
    await signInByHash(app, { ...game, botToken: token });
  });

  it('names the command of the end, of a bot of another messenger', async () => {
    const game = await app.createApplication({
      settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600 },
    });
    const im = await app.addOpenWeb3Bot(game);
    const since = app.clock.now().toISOString();
    const session = await signInOpenWeb3(app, im);
    const credentials = {
      authorization: `tma ${openWeb3InitDataOf(app, im, aPerson())}`,
      'x-countersign-application': game.applicationId,
    };
    const change = app.http.patch('/v1/me/profile').set(credentials).type('application/merge-patch+json');
    expect((await change.send(JSON.stringify({ displayName: 'Ada' }))).status).toBe(200);
    const leaked = `bot leaked ${im.botId} --provider openweb3 --since ${since}`;

    const { output } = await countersign.run(leaked);

    expect(await isLive(app, session)).toBe(false);
    expect(output).toContain('countersign audit list --actor identity:');
    expect(output).toContain(
      `countersign bot leaked ${im.botId} --provider openweb3 --since ${since} --token-stdin`,
    );
  });

  it('does nothing with the token that the bot has: the bot would be active with what leaked', async () => {
    const game = await aLenientGame(app);
    const session = await signInByHash(app, game);
    const leaked = `bot leaked ${game.botId} --since 2026-01-01T00:00:00Z --token-stdin`;

    const sentence = await countersign.failure(leaked, game.botToken);

    expect(sentence).toContain('That is the token that the bot has');
    expect(sentence).toContain(`countersign bot set ${game.botId} --status active`);
    expect(sentence).not.toContain(game.botToken);
    expect(await countersign.json(`bot show ${game.botId}`)).toMatchObject({ status: 'active' });
    expect(await isLive(app, session)).toBe(true);
  });

  it('goes on after it was interrupted between the new token and the status', async () => {
    const game = await aLenientGame(app);
    const token = aBotToken(game.botId);
    await countersign.json(`bot set ${game.botId} --status compromised`);
    await countersign.run(`bot rotate ${game.botId} --token-stdin`, token);

    const sentence = await countersign.failure(
      `bot leaked ${game.botId} --since 2026-01-01T00:00:00Z --token-stdin`,
      token,
    );
    const [command = ''] = /bot set \S+ --status active/.exec(sentence) ?? [];
    await countersign.json(command);

    await signInByHash(app, { ...game, botToken: token });
  });

  it('takes what leaked for no new token, by any way', async () => {
    const game = await aLenientGame(app);
    await countersign.json(`bot set ${game.botId} --status compromised`);

    expect(await countersign.failure(`bot rotate ${game.botId} --token-stdin`, game.botToken)).toContain(
      'bot.token_unchanged',
    );
  });

  it('stays compromised where the new token is of another bot', async () => {
    const game = await aLenientGame(app);

    const sentence = await countersign.failure(
      `bot leaked ${game.botId} --since 2026-01-01T00:00:00Z --token-stdin`,
      aBotToken(),
    );

    expect(sentence).toContain('bot.token_of_another');
    expect(await countersign.json(`bot show ${game.botId}`)).toMatchObject({ status: 'compromised' });
  });

  it.each([
    ['bot leaked 1', '--since'],
    ['bot leaked 1 --since 2026-01-01', 'instant'],
    ['bot leaked 1 --since 2026-01-01T00:00:00Z', 'bot.not_found'],
  ])('is refused: %s', async (words, sentence) => {
    expect(await countersign.failure(words)).toContain(sentence);
  });
});
