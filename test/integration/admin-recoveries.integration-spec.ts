import { environmentOf, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { acceptRecovery, anOpenRecovery, RECOVERIES } from '../support/wallet-recoveries';

interface Items {
  readonly items: readonly { readonly recoveryId: string }[];
  readonly nextCursor: string | null;
}

const LIST = '/v1/admin/wallet-recoveries';

describe('recoveries of wallets for operators', () => {
  const custody = useCustody();
  const app = useTestApp(() => environmentOf(custody));
  const countersign = useCountersign(app);
  const operator = useFixture(() => anOperator(app));
  const list = async (query = '') => (await operator.get(`${LIST}?${query}`)).body as Items;
  const idsOf = async (query = '') => (await list(query)).items.map(({ recoveryId }) => recoveryId);

  it('are listed with both accounts, counted and filtered by state and side, without a secret', async () => {
    const first = await anOpenRecovery(app);
    app.clock.advance(1);
    const second = await anOpenRecovery(app);
    app.clock.advance(1);
    const third = await anOpenRecovery(app);
    await acceptRecovery(app, second);
    const { recoveryId } = third;
    expect((await third.old.session.post(`${RECOVERIES}/refuse`, { recoveryId })).status).toBe(204);

    expect(await idsOf()).toEqual([second.recoveryId, first.recoveryId]);
    const { items } = await list('state=waiting');
    expect(items).toEqual([
      {
        recoveryId: first.recoveryId,
        ...{ oldUserId: first.old.session.userId, askingUserId: first.asker.userId },
        ...{ applicationId: first.demo.applicationId, state: 'waiting', endedAt: null },
        askedAt: expect.any(String) as string,
        readyAt: expect.any(String) as string,
      },
    ]);
    expect(await idsOf('state=accepted')).toEqual([second.recoveryId]);
    expect((await list('state=refused')).items).toMatchObject([{ recoveryId, state: 'refused' }]);
    expect(await idsOf('state=done')).toEqual([]);
    for (const { userId } of [first.old.session, first.asker])
      expect(await idsOf(`userId=${userId}`)).toEqual([first.recoveryId]);
    const page = await list('limit=1');
    expect(await idsOf(`limit=1&cursor=${page.nextCursor}`)).toEqual([first.recoveryId]);
    expect((await operator.get(`${LIST}/count`)).body).toMatchObject({ count: 2 });
    expectProblem(await operator.get(`${LIST}?state=lost`), 400, 'request.invalid');

    const { output } = await countersign.run(`wallet recoveries --user ${first.asker.userId}`);
    expect(output).toContain(first.recoveryId);
    expect(await countersign.json(`wallet recoveries --state refused`)).toMatchObject({ recoveryId });
    expect(JSON.stringify(items) + output).not.toContain(first.secret);
  });

  it('need the scope', async () => {
    const chains = await anOperator(app, ['chains:read']);
    expectProblem(await chains.get(LIST), 403, 'principal.scope_missing');
    expectProblem(await chains.get(`${LIST}/count`), 403, 'principal.scope_missing');
  });
});
