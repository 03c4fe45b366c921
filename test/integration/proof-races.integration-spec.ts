import { AcceptedBots } from '@countersign/applications';
import { aBotToken, countBy } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { postTo } from '../support/proofs';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  exchange,
  openLink,
  queryOf,
  register,
  SEED,
} from '../support/rapidpace';
import { Countersign } from '../support/run-countersign';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});

afterAll(() => app.close());

describe('a one-time code', () => {
  it('is exchanged once, also by two who come at the same moment', async () => {
    const { applicationId, secret } = await aRapidpaceApplication(app);
    const code = codeOf(await openLink(app, applicationId, queryOf(aRecord(app), secret)));
    const held = await app.database.hold('SELECT 1 FROM one_time_tokens FOR UPDATE');
    const exchanges = [exchange(app, applicationId, code), exchange(app, applicationId, code)];
    // Both have read that the code is good.
    await until(() => app.isWaitingFor('UPDATE one_time_tokens', 2));
    await held.commit();

    const answers = await Promise.all(exchanges);

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 410: 1 });
    const refused = answers.find(({ status }) => status !== 200);
    if (refused) expectProblem(refused, 410, 'auth.code_used');
  });
});

describe('a secret of Rapidpace that is removed at this moment, while another one stays', () => {
  it.each(['a link', 'a registration'])('is not enough for %s', async (kind) => {
    const { applicationId, secret, secretId } = await aRapidpaceApplication(app);
    await new Countersign(app).json(
      `application add-rapidpace-secret ${applicationId} --secret-stdin`,
      SEED.secret,
    );
    const before = await inventoryOf(app);
    const held = await app.database.hold(`DELETE FROM rapidpace_secrets WHERE id = '${secretId}'`);
    const record = aRecord(app);
    const answering =
      kind === 'a link'
        ? openLink(app, applicationId, queryOf(record, secret))
        : register(app, { applicationId, secret, secretId }, record);
    await until(() => app.isWaitingFor('FROM rapidpace_secrets'));
    await held.commit();

    expectProblem(await answering, 401, 'rapidpace.hmac_mismatch');
    expect(await inventoryOf(app)).toEqual(before);
  });
});

describe('a bot that is removed from the list of allowed bots at this moment', () => {
  it('is not enough for init data', async () => {
    const { applicationId } = await app.createApplication();
    const botToken = aBotToken();
    const botId = botToken.split(':', 1)[0] ?? '';
    const key = { provider: 'telegram', environment: 'production', botId } as const;
    await app.nest.get(AcceptedBots).allow(applicationId, key);
    const before = await inventoryOf(app);
    const held = await app.database.hold(`DELETE FROM accepted_bots WHERE bot_id = '${botId}'`);
    const initData = app.initDataOf({ applicationId, botId, botToken });
    const entering = postTo(app, 'telegram/third-party-init-data', { applicationId, botId, initData }).then(
      (answer) => answer,
    );
    await until(() => app.isWaitingFor('FROM accepted_bots'));
    await held.commit();

    expectProblem(await entering, 403, 'bot.not_accepted');
    expect(await inventoryOf(app)).toEqual(before);
  });
});
