import { setTimeout as sleep } from 'node:timers/promises';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { expectProblem } from '../support/expect-problem';
import { aRapidpaceApplication, aRecord, openLink, queryOf } from '../support/rapidpace';
import { until } from '../support/until';
import { useTestApp, useTcpProxy } from '../support/use-test-app';

describe('a Rapidpace secret that leaked', () => {
  const app = useTestApp();
  const network = useTcpProxy(() => app.database.directUrl);
  const replica = useTestApp(() => {
    const { database, keys, clock, telegram } = app;
    return { database, keys, clock, telegram, environment: { DATABASE_DIRECT_URL: network.url } };
  });

  it('opens no session that outlives "remove it, then revoke", at no replica', async () => {
    const { applicationId, secret, secretId } = await aRapidpaceApplication(app);
    const aLink = () => openLink(replica, applicationId, queryOf(aRecord(app), secret));
    await until(() => replica.isListening);
    // Until all that was announced so far has been heard.
    await sleep(600);
    await aLink();

    // Notifications are on their way for a moment: the replica has not heard, and does not know it yet.
    network.blackHole();
    await app.nest.get(RapidpaceSecrets).remove(applicationId, secretId);
    await app.accounts.revokeLeaked({ vendorOf: applicationId, since: new Date(0) });
    app.clock.advance(1);

    expect(replica.isListening).toBe(true);

    expectProblem(await aLink(), 409, 'rapidpace.not_configured');
    expect(await app.database.query('SELECT 1 FROM sessions WHERE ended_at IS NULL')).toEqual([]);
  });
});
