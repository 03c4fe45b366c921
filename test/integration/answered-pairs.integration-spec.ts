import { randomBytes } from 'node:crypto';
import { generateKeyRing, KeyRing, openUnder } from '@countersign/crypto';
import { ExpiryUpkeep } from '@countersign/database';
import { times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { useApplication, useTestApp } from '../support/use-test-app';

const PURPOSES = ['countersign/token-pair/v1', 'countersign/proof-use/v1'];

interface Row {
  readonly session_id: string;
  readonly pair: Buffer;
}

describe('the pair that a proof was answered with', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const signInWith = (initData: string) => app.postSignIn({ applicationId: demo.applicationId, initData });
  /** What a thief of the database has. */
  const pairsOf = (sessionId: string) =>
    app.database.query<Row>('SELECT session_id, pair FROM proof_pairs WHERE session_id = $1', [sessionId]);
  const cleanUp = () => app.nest.get(ExpiryUpkeep).run();

  const secretOf = (initData: string) => Buffer.from(new URLSearchParams(initData).get('hash') ?? '', 'hex');
  const triesToOpen = (rows: readonly Row[], secret: Buffer, ring: KeyRing) =>
    rows.flatMap(({ session_id: id, pair }) =>
      PURPOSES.flatMap((purpose) => [
        () => openUnder(secret, purpose, pair, id),
        () => openUnder(secret, purpose, pair, id, ring.all('sealing')),
      ]),
    );

  it('opens under proof and ring together, and under neither alone', async () => {
    const initData = app.initDataOf(demo);
    const { sessionId, accessToken, refreshToken } = (await signInWith(initData)).body as SignInBody;
    const [row] = await pairsOf(sessionId);
    const ring = app.nest.get(KeyRing);

    const pair = row?.pair ?? Buffer.alloc(0);
    const purpose = 'countersign/token-pair/v1';
    const opened = openUnder(secretOf(initData), purpose, pair, sessionId, ring.all('sealing'));
    expect(JSON.parse(opened.toString())).toEqual([accessToken, refreshToken]);

    const other = KeyRing.parse(JSON.stringify(generateKeyRing()));
    const blobs = await pairsOf(sessionId);
    expect(blobs).toHaveLength(1);
    for (const open of triesToOpen(blobs, secretOf(initData), other)) expect(open).toThrow();
    for (const open of triesToOpen(blobs, randomBytes(32), ring)) expect(open).toThrow();
  });

  it('is repeated for ten seconds, and is gone from the database afterwards', async () => {
    const initData = app.initDataOf(demo);
    const first = (await signInWith(initData)).body as SignInBody;
    app.clock.advance(9);
    await cleanUp();
    const repeated = (await signInWith(initData)).body as SignInBody;
    expect([repeated.accessToken, repeated.refreshToken]).toEqual([first.accessToken, first.refreshToken]);

    app.clock.advance(2);
    await cleanUp();

    expect(await pairsOf(first.sessionId)).toEqual([]);
    const renewed = (await signInWith(initData)).body as SignInBody;
    expect(renewed.sessionId).toBe(first.sessionId);
    expect(renewed.accessToken).not.toBe(first.accessToken);
  });

  it('is worth nothing after ten seconds, also where it is still there', async () => {
    const initData = app.initDataOf(demo);
    const first = (await signInWith(initData)).body as SignInBody;
    app.clock.advance(11);
    expect(await pairsOf(first.sessionId)).toHaveLength(1);

    const again = (await signInWith(initData)).body as SignInBody;

    expect(again.accessToken).not.toBe(first.accessToken);
    expectProblem(await app.refresh(first.refreshToken), 401, 'session.token_invalid');
  });

  it('is made anew where it was lost', async () => {
    const initData = app.initDataOf(demo);
    const first = (await signInWith(initData)).body as SignInBody;
    await app.database.query('TRUNCATE proof_pairs');

    const again = (await signInWith(initData)).body as SignInBody;

    expect(again.sessionId).toBe(first.sessionId);
    expect((await app.getMe(again.accessToken)).status).toBe(200);
    expectProblem(await app.getMe(first.accessToken), 401, 'session.token_invalid');
  });

  it('is one, whoever presents the proof of a renewed session at the same moment', async () => {
    await app.withReplica(async (replica) => {
      const initData = app.initDataOf(demo);
      await signInWith(initData);
      app.clock.advance(11);

      const answers = await Promise.all(
        times(12, (index) =>
          (index % 2 === 0 ? app : replica).postSignIn({ applicationId: demo.applicationId, initData }),
        ),
      );

      const tokens = answers.map(({ body }) => (body as SignInBody).accessToken);
      expect(new Set(tokens).size).toBe(1);
      expect((await app.getMe(tokens[0] ?? '')).status).toBe(200);
    });
  });

  it('is in no log of the database and in no backup of its files', async () => {
    expect(
      await app.database.query(`SELECT relpersistence AS kind FROM pg_class WHERE relname = 'proof_pairs'`),
    ).toEqual([{ kind: 'u' }]);
  });
});
