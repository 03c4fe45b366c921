import { randomUUID } from 'node:crypto';
import type { Page } from '@countersign/http';
import { aPerson } from '../factories';
import { linkIdentity, settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { openWeb3Launch, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const IDENTITIES = '/v1/admin/identities';

interface Listed {
  readonly identityId: string;
  readonly userId: string;
  readonly attachedAt: string | null;
}
describe('identities in the administration API', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  /** Somebody who has linked a second identity, of OpenWeb3. */
  async function linked(): Promise<{ session: PersonSession; identityId: string }> {
    const session = await signInPerson(app, demo);
    const person = aPerson();
    const launch = openWeb3Launch(app, im, person);
    return { session, identityId: await linkIdentity(app, demo, session, { person, launch }) };
  }

  /** So long ago that it is detached: a younger one is separated. */
  async function settled(): Promise<{ session: PersonSession; identityId: string }> {
    const made = await linked();
    await settleAttachments(app);
    return made;
  }

  it('are listed newest first, by account, platform, attachment and bot', async () => {
    const operator = await anOperator(app);
    const { session, identityId } = await linked();
    const other = await signInOpenWeb3(app, im);
    const list = async (query: string) => (await operator.get(`${IDENTITIES}?${query}`)).body as Page<Listed>;

    const own = await list(`userId=${session.userId}`);
    expect(own.items).toHaveLength(2);
    expect(own.items[0]).toEqual({
      identityId,
      userId: session.userId,
      provider: 'openweb3',
      environment: 'production',
      cap: 'bot-token',
      isFounding: false,
      createdAt: app.clock.now().toISOString(),
      attachedAt: app.clock.now().toISOString(),
      attachedBy: 'merge',
      attachedWith: [`openweb3/production/${im.botId}`, `telegram/production/${demo.botId}`],
    });
    expect(own.items[1]).toMatchObject({ provider: 'telegram', isFounding: true, attachedWith: [] });
    const ofOpenWeb3 = (await list('provider=openweb3&limit=2')).items.map(({ userId }) => userId);
    expect(ofOpenWeb3).toEqual([other.userId, session.userId]);
    const since = app.clock.now().toISOString();
    const attached = await list(`attachedSince=${since}`);
    expect(attached.items.map((one) => one.identityId)).toContain(identityId);
    expect(attached.items.every(({ attachedAt }) => attachedAt !== null && attachedAt >= since)).toBe(true);
    const later = new Date(app.clock.now().getTime() + 1_000).toISOString();
    expect(await list(`attachedSince=${later}`)).toEqual({ items: [], nextCursor: null });
    const withBot = await list(`bot=openweb3/production/${im.botId}`);
    expect(withBot.items.map((one) => one.identityId)).toContain(identityId);
    expect((await list('bot=openweb3/production/1')).items).toEqual([]);

    const read = await operator.get(`${IDENTITIES}/${identityId}`);
    expect(read.body).toEqual(own.items[0]);
  });

  it('are detached and confirmed', async () => {
    const operator = await anOperator(app);
    const { session, identityId } = await settled();

    const confirmed = await operator.post(`${IDENTITIES}/${identityId}/confirm`);
    expect(confirmed.body).toMatchObject({ identityId, userId: session.userId, cap: 'platform' });
    const detached = await operator.post(`${IDENTITIES}/${identityId}/detach`);
    expect(detached.status).toBe(200);
    const { userId } = detached.body as { userId: string };
    expect(userId).not.toBe(session.userId);
    expect((await operator.get(`${IDENTITIES}/${identityId}`)).body).toMatchObject({
      userId,
      isFounding: true,
      attachedAt: null,
    });

    expectProblem(await operator.post(`${IDENTITIES}/${identityId}/detach`), 409, 'identity.last_one');
    for (const id of [randomUUID(), 'x']) {
      expectProblem(await operator.get(`${IDENTITIES}/${id}`), 404, 'identity.not_found');
      for (const verb of ['detach', 'confirm'])
        expectProblem(await operator.post(`${IDENTITIES}/${id}/${verb}`), 404, 'identity.not_found');
    }
  });

  it('stay deactivated when they are detached from a deactivated account', async () => {
    const operator = await anOperator(app);
    const { session, identityId } = await settled();
    await app.accounts.setStatus(session.userId, 'deactivated');

    const detached = await operator.post(`${IDENTITIES}/${identityId}/detach`);

    const { userId } = detached.body as { userId: string };
    const rows = await app.database.query('SELECT status FROM users WHERE id = $1', [userId]);
    expect(rows).toEqual([{ status: 'deactivated' }]);
  });

  it('are detached once, by many calls at once', async () => {
    const operator = await anOperator(app);
    const { identityId } = await settled();
    const calls = Array.from({ length: 8 }, () => operator.post(`${IDENTITIES}/${identityId}/detach`));
    const statuses = (await Promise.all(calls)).map(({ status }) => status).toSorted();

    expect(statuses[0]).toBe(200);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => status < 500)).toBe(true);
  });
});
