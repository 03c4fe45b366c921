import { setTimeout as sleep } from 'node:timers/promises';
import { RapidpaceSecrets } from '@countersign/applications';
import type { SignInBody } from '../factories';
import { aRapidpaceApplication, aRecord, codeOf, exchange, openLink, queryOf } from '../support/rapidpace';
import { TcpProxy } from '../support/tcp-proxy';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

describe('a Rapidpace secret that leaked', () => {
  it('opens no session that outlives "remove it, then revoke", at no replica', async () => {
    const app = await TestApp.start();
    const network = await TcpProxy.start(app.database.url);
    const { database, keys, clock, telegram } = app;
    const environment = { DATABASE_DIRECT_URL: network.url };
    const replica = await TestApp.start({ database, keys, clock, telegram, environment });
    try {
      const { applicationId, secret, secretId } = await aRapidpaceApplication(app);
      const aLink = () => openLink(replica, applicationId, queryOf(aRecord(app), secret));
      await until(() => replica.isListening);
      // Until all that was announced so far has been heard.
      await sleep(600);
      await aLink();

      // Notifications are on their way for a moment: the replica has not heard, and does not know it yet.
      network.blackHole();
      await app.nest.get(RapidpaceSecrets).remove(applicationId, secretId);
      await app.accounts.revoke({ vendorOf: applicationId, since: new Date(0) });
      clock.advance(1);

      expect(replica.isListening).toBe(true);

      const link = await aLink();
      if (link.status !== 303) return;
      const answer = await exchange(replica, applicationId, codeOf(link));
      if (answer.status !== 200) return;
      await until(() => !replica.isListening);
      expect((await app.getMe((answer.body as SignInBody).accessToken)).status).toBe(401);
    } finally {
      await replica.close();
      await network.cut();
      await app.close();
    }
  });
});
