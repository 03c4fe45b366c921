import { aPerson } from '../factories';
import { aWalletApplication, anEmbeddedWallet, environmentOf, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { signInPerson } from '../support/person-session';
import { relaunch, steppedUpToWiden, withGrant } from '../support/relaunch';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const FRIEND = `0x${'77'.repeat(20)}`;
const THIEF = `0x${'66'.repeat(20)}`;
const CHAIN = 'eip155:1';

const narrow = { chains: [CHAIN], assets: [{ chain: CHAIN, perDay: '10' }], recipients: [FRIEND] };
const wider = { ...narrow, assets: [{ chain: CHAIN, perDay: '20' }] };

describe('wider limits of a wallet', () => {
  const custody = useCustody();
  const app = useTestApp(() => environmentOf(custody));
  const demo = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const path = (walletId: string) => `/v1/wallets/${walletId}/limits`;

  async function aLimitedWallet() {
    const { session, wallet } = await anEmbeddedWallet(app, demo);
    const { walletId } = wallet;
    expect((await session.put(path(walletId), narrow)).status).toBe(200);
    return { session, walletId, address: wallet.address };
  }

  it('are named in words by the launch, with the call that its grant is for', async () => {
    const { session, walletId, address } = await aLimitedWallet();
    const asked = await session.post(`${path(walletId)}/requests`, {
      ...{ assets: [{ chain: CHAIN, perAct: '5', launchAbove: '4' }], firstSendDelayHours: 2 },
    });
    expect([asked.status, asked.body as object]).toMatchObject([201, { act: 'wallet.widen_limits' }]);

    const { code } = asked.body as { code: string };
    const { stepUpAnswer } = await relaunch(app, demo, session, `s_${code}`);

    expect(stepUpAnswer).toMatchObject({
      act: 'wallet.widen_limits',
      request: {
        lines: [
          `New limits of the wallet ${address}.`,
          'It can send on every chain.',
          'It can send only the following assets. Amounts are in the smallest unit.',
          `The coin on ${CHAIN}: at most 5 (0.000000000000000005 coins) in one send, any amount in 24 hours, with an extra confirmation above 4 (0.000000000000000004 coins).`,
          'It can send to every address.',
          'The first send to an address waits 2 hours.',
        ],
        call: { walletId, limits: { chains: null, recipients: null, firstSendDelayHours: 2 } },
      },
    });
  });

  it('are set by the grant of a launch that named them, once', async () => {
    const { session, walletId } = await aLimitedWallet();
    const stepped = await steppedUpToWiden(app, demo, session, walletId, wider);
    const { limits } = stepped.stepUpAnswer?.request?.call as { limits: object };

    expect((await withGrant(stepped.put(path(walletId), limits), stepped.grant)).status).toBe(200);
    expect((await stepped.put(path(walletId), narrow)).status).toBe(200);
    expectProblem(
      await withGrant(stepped.put(path(walletId), wider), stepped.grant),
      403,
      'account.grant_invalid',
    );
  });

  it.each<readonly [string, object]>([
    ['more of the asset', { ...wider, assets: [{ chain: CHAIN, perDay: '21' }] }],
    ['another recipient', { ...wider, recipients: [THIEF] }],
    ['one recipient more', { ...wider, recipients: [FRIEND, THIEF] }],
    ['everything', {}],
  ])('are not changed to %s by a grant for less', async (_title, stolen) => {
    const { session, walletId } = await aLimitedWallet();
    const stepped = await steppedUpToWiden(app, demo, session, walletId, wider);

    const answer = await withGrant(stepped.put(path(walletId), stolen), stepped.grant);

    expectProblem(answer, 403, 'account.grant_invalid');
    expect((await session.get(path(walletId))).body).toMatchObject({ assets: [{ perDay: '10' }] });
    // It is not used up by that.
    expect((await withGrant(stepped.put(path(walletId), wider), stepped.grant)).status).toBe(200);
  });

  it('are of the wallet that the launch named', async () => {
    const { session, walletId } = await aLimitedWallet();
    const made = await session.post('/v1/wallets/embedded', { chain: 'ton' });
    const other = (made.body as { walletId: string }).walletId;
    await session.put(path(other), narrow);
    const stepped = await steppedUpToWiden(app, demo, session, walletId, wider);

    const answer = await withGrant(stepped.put(path(other), wider), stepped.grant);

    expectProblem(answer, 403, 'account.grant_invalid');
  });

  it('are not set by a grant that names the act only, nor by a step-up of the session', async () => {
    const { session, walletId } = await aLimitedWallet();
    expectProblem(
      await session.post('/v1/me/step-up/requests', { act: 'wallet.widen_limits' }),
      400,
      'account.act_unknown',
    );
    await session.stepUp();
    expectProblem(await session.put(path(walletId), wider), 403, 'account.step_up_required');
  });

  it('are asked for by the person alone, and launched by the person alone', async () => {
    const { session, walletId } = await aLimitedWallet();
    const stranger = await signInPerson(app, demo);
    expectProblem(await stranger.post(`${path(walletId)}/requests`, wider), 404, 'wallet.not_found');
    const { code } = (await session.post(`${path(walletId)}/requests`, wider)).body as { code: string };

    expect((await relaunch(app, demo, aPerson(), `s_${code}`)).stepUpAnswer).toBeUndefined();
    expect((await relaunch(app, demo, session, `s_${code}`)).stepUpAnswer).toBeDefined();
    expect((await relaunch(app, demo, session, `s_${code}`)).stepUpAnswer).toBeUndefined();
  });

  it('are in no dump while their launch is awaited', async () => {
    const { session, walletId } = await aLimitedWallet();
    await session.post(`${path(walletId)}/requests`, { ...narrow, recipients: [FRIEND, THIEF] });

    const rows = await app.database.query<{ request: Buffer }>(
      'SELECT request FROM step_ups WHERE asking_session_id = $1',
      [session.sessionId],
    );

    expect(rows).toHaveLength(1);
    expect(rows[0]?.request.toString('latin1')).not.toContain(THIEF.slice(2));
    expect(rows[0]?.request.toString('latin1')).not.toContain('recipients');
  });

  it('are neither seen nor changed by an application that has no grant of the wallet', async () => {
    const { session, walletId } = await aLimitedWallet();
    const recipients = `/v1/wallets/${walletId}/recipients`;
    const other = await signInPerson(app, await aWalletApplication(app, { acts: ['send'] }), session.person);
    for (const answer of [
      await other.get(path(walletId)),
      await other.put(path(walletId), { ...narrow, chains: [] }),
      await other.post(`${path(walletId)}/requests`, wider),
      await other.get(recipients),
      await other.delete(`${recipients}/${walletId}`),
    ])
      expectProblem(answer, 403, 'wallet.not_granted');

    const { applicationId } = demo;
    expect((await session.delete(`/v1/wallets/${walletId}/grants/${applicationId}`)).status).toBe(204);
    expectProblem(await session.put(path(walletId), narrow), 403, 'wallet.not_granted');
  });
});
