import { Configuration } from '@countersign/runtime';
import type { AuditRecord, Ways } from './audit-trail';
import { ofOperator } from './audit-ways-of-operators';
import { ofSession } from './audit-ways-of-people';
import { aWalletApplication, anEmbeddedWallet, embed, HELLO, perform, actFor } from './embedded-wallets';
import { signInPerson } from './person-session';
import { startQuietNodes } from './quiet-nodes';
import { broadcast, callSend, CHAIN, permit, sendingOn, type SendBody } from './sends';
import { TestApp } from './test-app';

const PROOF = { provider: 'ethereum', environment: 'production' } as const;

/** Another one for each wallet. */
const KEYED = expect.stringMatching(/^[0-9a-f]{64}$/) as string;

/** What people do with embedded wallets. */
export const waysOfEmbeddedWallets: Ways<
  'wallet.act_allowed' | 'wallet.brake_applied' | 'wallet.created' | 'wallet.frozen'
> = {
  'wallet.created': {
    'by its person': async ({ app, http }) => {
      const demo = await aWalletApplication(app);
      const session = await signInPerson(app, demo);
      return http(async () => {
        const { walletId: subject } = await embed(session);
        await embed(session);
        return [ofSession('wallet.created', session, demo, { subject, details: PROOF })];
      });
    },
  },
  'wallet.frozen': {
    'by its person': async ({ app, http }) => {
      const demo = await aWalletApplication(app);
      const { session, wallet } = await anEmbeddedWallet(app, demo);
      return http(async () => {
        const path = `/v1/wallets/${wallet.walletId}/freeze`;
        for (const answer of [await session.post(path), await session.post(path)])
          expect(answer.status).toBe(204);
        const frozen = ofSession('wallet.frozen', session, demo, { subject: wallet.walletId });
        return [frozen, frozen];
      });
    },
  },
  'wallet.brake_applied': {
    'by an operator': ({ local, countersign, custody }) =>
      Promise.resolve({
        ...local(async () => {
          await countersign.json('wallet stop --reason ticket-1');
          await countersign.json('wallet stop --reason ticket-2');
          return ['ticket-1', 'ticket-2'].map((reason) =>
            ofOperator('wallet.brake_applied', null, { subject: null, details: { reason } }),
          );
        }),
        cleanUp: () => Promise.resolve(void custody.command('release')),
      }),
  },
  'wallet.act_allowed': {
    'a message': async ({ app, http }) => {
      const demo = await aWalletApplication(app);
      const { session, wallet } = await anEmbeddedWallet(app, demo);
      const actId = await actFor(session, wallet);
      return http(async () => {
        const answer = await perform(session, wallet, actId);
        expect(answer.status).toBe(200);
        const said = {
          actId,
          act: HELLO.kind,
          digest: KEYED,
          chain: HELLO.chainId,
          spends: '0',
          undecoded: '0',
        };
        const about = { subject: wallet.walletId, details: said };
        return [ofSession('wallet.act_allowed', session, demo, about)] satisfies AuditRecord[];
      });
    },
    'a send, at a replica that sends': async ({ app, http }) => {
      const { replica, cleanUp } = await aReplicaThatSends(app);
      const demo = await aWalletApplication(replica, { acts: ['send'] });
      const { session, wallet } = await anEmbeddedWallet(replica, demo);
      const call = await permit(session, wallet);
      const act = http(async () => {
        const { status, body } = await callSend(session, wallet, call);
        expect(status).toBe(200);
        await broadcast(replica);
        // The second answer is that of the same send.
        expect((await callSend(session, wallet, call)).body).toMatchObject({
          sendId: (body as SendBody).sendId,
        });
        const { sendId } = body as SendBody;
        const said = { actId: sendId, act: 'send', digest: KEYED };
        const spends = { chain: CHAIN, spends: '1', undecoded: '0' };
        const about = { subject: wallet.walletId, details: { ...said, ...spends } };
        return [ofSession('wallet.act_allowed', session, demo, about)];
      });
      return { ...act, cleanUp };
    },
  },
};

async function aReplicaThatSends(app: TestApp) {
  const nodes = await startQuietNodes();
  const socket = app.nest.get(Configuration).custodySocket ?? '';
  const { database, keys, clock, telegram } = app;
  const urls = nodes.map(({ url }) => url);
  const { environment } = sendingOn({ socket }, urls);
  const replica = await TestApp.start({ database, keys, clock, telegram, environment });
  const cleanUp = async (): Promise<void> => {
    await replica.close();
    for (const node of nodes) await node.stop();
  };
  return { replica, cleanUp };
}
