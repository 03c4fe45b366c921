import { expectProblem } from './expect-problem';
import { statementsOf } from './statement-count';
import { until } from './until';
import { useApplication, useTcpProxy, useTestApp, useTestDatabase } from './use-test-app';

/** What holds for the check of the gateway while the service hears of no change. */
export function describeSilentNotifications(how: 'cut' | 'lost on their way'): void {
  describe(`the check while notifications are ${how}`, () => {
    const database = useTestDatabase();
    const line = useTcpProxy(() => database.directUrl);
    const app = useTestApp(() => ({ database, environment: { DATABASE_DIRECT_URL: line.url } }));
    const shop = useApplication(app, { settings: { audiences: ['orders'] } });

    beforeEach(() => until(() => app.isListening));

    afterEach(() => line.restore());

    async function silence(): Promise<void> {
      if (how === 'cut') await line.cut();
      else line.blackHole();
      await until(() => !app.isListening);
    }

    const end = ({ sessionId }: { readonly sessionId: string }) =>
      database.query(`UPDATE sessions SET ended_at = $2, end_reason = 'revoked' WHERE id = $1`, [
        ...[sessionId, app.clock.now()],
      ]);

    it('reads the row for every check', async () => {
      const { accessToken } = await app.signIn(shop);
      await app.check(accessToken);
      await silence();

      for (let count = 0; count < 3; count += 1) {
        const statements = await statementsOf(app, async () => {
          expect((await app.check(accessToken, '?audience=orders')).status).toBe(200);
        });
        // Twice where the connection is lost once more during the read: what was read may be outdated then.
        for (const table of ['FROM sessions', 'FROM applications a'])
          expect(statements.filter((statement) => statement.includes(table))).not.toHaveLength(0);
      }
    });

    it('refuses what ended meanwhile', async () => {
      const session = await app.signIn(shop);
      await app.check(session.accessToken);
      await silence();
      await end(session);

      expectProblem(await app.check(session.accessToken), 401, 'session.ended');
    });

    it('knows what an operator has changed meanwhile', async () => {
      const demo = await app.createApplication({ settings: { audiences: ['old'] } });
      const { accessToken } = await app.signIn(demo);
      await app.check(accessToken, '?audience=old');
      await silence();
      await database.query(
        `UPDATE applications SET settings = settings || '{"audiences":["new"]}' WHERE id = $1`,
        [demo.applicationId],
      );

      expectProblem(await app.check(accessToken, '?audience=old'), 403, 'gateway.audience_not_granted');
      expect((await app.check(accessToken, '?audience=new')).status).toBe(200);
    });

    it('believes nothing from before when they are heard again', async () => {
      const session = await app.signIn(shop);
      await app.check(session.accessToken);
      await silence();
      await end(session);
      await line.restore();
      await until(() => app.isListening);

      expectProblem(await app.check(session.accessToken), 401, 'session.ended');
    });

    it('keeps sessions alive by their use', async () => {
      const demo = await app.createApplication({ settings: { session: { accessIdle: 10 } } });
      const { accessToken } = await app.signIn(demo);
      await silence();

      for (let count = 0; count < 5; count += 1) {
        expect((await app.check(accessToken)).status).toBe(200);
        app.clock.advance(8);
      }
      expect((await app.check(accessToken)).status).toBe(200);
    });
  });
}
