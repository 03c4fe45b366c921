import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  enter,
  exchange,
  expectRefused,
  openLink,
  postPlayer,
  queryOf,
  register,
  sign,
  spellingNames,
  spellings,
  without,
  type PlayerRecord,
} from '../support/rapidpace';
import { findCanaries, formsOf } from '../support/search-bytes';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const VICTIM = '542262331';
const AMBIGUOUS = [401, 'rapidpace.ambiguous_record'] as const;
const MISMATCH = [401, 'rapidpace.hmac_mismatch'] as const;

const app = useTestApp();
const casino = useFixture(() => aRapidpaceApplication(app, { rapidpace: { undatedLinks: 'accept' } }));

describe('one signature with two readings', () => {
  it('is refused in both', async () => {
    const genuine = aRecord(app, { telegram_id: '777000777', last_name: `telegram_id${VICTIM}trace_idx` });
    const rest = `xtelegram_id777000777trace_id${String(genuine['trace_id'])}`;
    const forged = { ...genuine, last_name: '', telegram_id: VICTIM, trace_id: rest };
    const hmac = sign(genuine, casino.secret);
    const before = await inventoryOf(app);

    expect(sign(forged, casino.secret)).toBe(hmac);
    await expectRefused(app, casino.applicationId, genuine, hmac, AMBIGUOUS);
    const answers = [await postPlayer(app, casino.applicationId, forged, hmac)];
    for (const spelling of spellingNames)
      answers.push(await openLink(app, casino.applicationId, spellings[spelling](forged, hmac)));
    for (const { status, body } of answers) {
      expect([400, 401]).toContain(status);
      expect((body as { code: string }).code).toMatch(/^rapidpace\./);
    }
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('is one proof of one person in both where one person is meant', async () => {
    const [ambiguous, clear] = [{ first_name: 'Evelast_nameX' }, { first_name: 'Eve', last_name: 'X' }];
    const { telegram_id = 0 } = aRecord(app);
    const hmac = sign({ ...ambiguous, telegram_id }, casino.secret);

    expect(sign({ ...clear, telegram_id }, casino.secret)).toBe(hmac);
    const first = await postPlayer(app, casino.applicationId, { ...ambiguous, telegram_id }, hmac);
    expect(first.status).toBe(201);
    const again = await postPlayer(app, casino.applicationId, { ...clear, telegram_id }, hmac);
    expect({ status: again.status, body: again.body as unknown }).toEqual({ status: 200, body: first.body });

    const dated = { telegram_id, auth_date: app.clock.now().getTime() / 1_000 };
    const signature = sign({ ...ambiguous, ...dated }, casino.secret);
    const [one, other] = await Promise.all(
      [ambiguous, clear].map((reading) =>
        enter(app, casino.applicationId, spellings.encodeURIComponent({ ...reading, ...dated }, signature)),
      ),
    );
    // One proof, however it is read.
    expect(other?.sessionId).toBe(one?.sessionId);
  });
});

describe('a record of Rapidpace', () => {
  it('is worth nothing at an application with another secret', async () => {
    const other = await aRapidpaceApplication(app);
    const record = aRecord(app);
    const before = await inventoryOf(app);

    await expectRefused(app, other.applicationId, record, sign(record, casino.secret), MISMATCH);
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('is another proof at an application with the same secret', async () => {
    const twin = await aRapidpaceApplication(app, { secret: casino.secret });
    const query = queryOf(aRecord(app), casino.secret);

    const [first, second] = [
      await enter(app, casino.applicationId, query),
      await enter(app, twin.applicationId, query),
    ];

    expect(second.userId).toBe(first.userId);
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  it('opens no other door, and no other proof opens this one', async () => {
    const record = aRecord(app);
    const hmac = sign(record, casino.secret);
    const query = spellings.URLSearchParams(record, hmac);
    const bot = await app.addBot(casino.applicationId);
    const { applicationId } = casino;
    await app.changeSettings(applicationId, { loginWidget: { accept: true } });
    const before = await inventoryOf(app);

    for (const [path, body] of [
      ['telegram/init-data', { initData: query }],
      ['telegram/login-widget', { query }],
      ['telegram/login-widget', { data: { ...record, hash: hmac } }],
      ['exchange', { code: hmac }],
    ] as const) {
      const answer = await app.http.post(`/v1/auth/${path}`).send({ applicationId, ...body });
      expect([400, 401]).toContain(answer.status);
    }
    for (const foreign of [
      app.initDataOf({ applicationId, ...bot }),
      `${app.initDataOf({ applicationId, ...bot })}&x-urm-hmac=${encodeURIComponent(hmac)}`,
    ])
      expectProblem(await openLink(app, applicationId, foreign), 400, 'rapidpace.telegram_id_missing');
    expect(await inventoryOf(app)).toEqual(before);
  });
});

describe('what a link says', () => {
  it('is in no log line, no Location and no answer, accepted or refused', async () => {
    const record = aRecord(app, {
      telegram_id: 7_316_204_958_137,
      first_name: 'Каналейка-Фёдор',
      last_name: 'Ščekatý鳥居',
      username: 'canary_uzer_8461',
    });
    const hmac = sign(record, casino.secret);
    const values: PlayerRecord = {
      ...without(record, 'language_code', 'auth_date'),
      hmac,
      secret: casino.secret,
    };
    const canaries = new Map(
      Object.entries(values).map(([name, value]) => [name, formsOf(String(value))] as const),
    );
    const queries = spellingNames.map((name) => spellings[name](record, hmac));
    const [query = ''] = queries;
    queries.forEach((text, index) => canaries.set(`query ${index}`, formsOf(text)));
    const from = app.logLines.length;
    const path = `/v1/rapidpace/${casino.applicationId}/redirect`;

    const answers = [];
    for (const text of queries) {
      const answer = await openLink(app, casino.applicationId, text);
      answers.push(answer);
      canaries.set(`code ${answers.length}`, formsOf(codeOf(answer)));
      await exchange(app, casino.applicationId, codeOf(answer));
    }
    const refused = [
      await app.http.get(`${path}?${query}x`),
      await app.http.get(`${path}?${query}%26utm%3Dx`),
      await app.http.get(`${path}?${query.slice(0, -9)}`),
      await app.http.get(`${path}?${encodeURIComponent(query)}`),
      await app.http.get(`${path}/?${query}`),
      await app.http.post(`${path}?${query}`),
      await app.http.get(`/${query}`),
      await openLink(app, 'x', query),
      await postPlayer(app, casino.applicationId, record, `${hmac}x`),
      await postPlayer(app, casino.applicationId, `${JSON.stringify(record)}x`, hmac),
      await postPlayer(app, casino.applicationId, { ...record, [String(record['username'])]: 1 }, hmac),
    ];
    await app.database.query('ALTER TABLE one_time_tokens ADD CONSTRAINT chk_broken CHECK (false) NOT VALID');
    refused.push(await openLink(app, casino.applicationId, query));
    await app.database.query('ALTER TABLE one_time_tokens DROP CONSTRAINT chk_broken');
    await register(app, casino, record);

    const lines = app.logLines.slice(from);
    expect(lines.length).toBeGreaterThanOrEqual(answers.length * 2 + refused.length);
    expect(findCanaries(Buffer.from(lines.join('')), canaries)).toEqual([]);
    expect(lines.join('')).toContain('"route":"/v1/rapidpace/:applicationId/redirect"');
    expect(refused.map(({ status }) => status).filter((status) => status < 400)).toEqual([]);
    for (const { text, headers } of refused)
      expect(findCanaries(Buffer.from(text + JSON.stringify(headers)), canaries)).toEqual([]);
    for (const answer of answers) {
      const said = Buffer.from(answer.text + JSON.stringify(answer.headers));
      expect(findCanaries(said, canaries).filter((name) => !name.startsWith('code'))).toEqual([]);
    }
  });
});
