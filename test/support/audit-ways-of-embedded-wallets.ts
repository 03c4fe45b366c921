import type { AuditRecord, Ways } from './audit-trail';
import { ofSession } from './audit-ways-of-people';
import { aWalletApplication, anEmbeddedWallet, embed, HELLO, signWith, tokenFor } from './embedded-wallets';
import { signInPerson } from './person-session';
import { steppedUpFor, withGrant } from './relaunch';
import { aPerson } from '../factories';

const PROOF = { provider: 'ethereum', environment: 'production' } as const;

/** What people do with embedded wallets. */
export const waysOfEmbeddedWallets: Ways<'wallet.act_allowed' | 'wallet.created' | 'wallet.granted'> = {
  'wallet.created': {
    'by its person': async ({ app, http }) => {
      const demo = await aWalletApplication(app);
      const session = await signInPerson(app, demo);
      return http(async () => {
        const { walletId: subject } = await embed(session);
        await embed(session);
        const { applicationId } = demo;
        return [
          ofSession('wallet.created', session, { subject, applicationId, details: PROOF }),
          ofSession('wallet.granted', session, { subject, applicationId, details: {} }),
        ];
      });
    },
  },
  'wallet.granted': {
    'to another application': async ({ app, http }) => {
      const person = aPerson();
      const { wallet } = await anEmbeddedWallet(app, await aWalletApplication(app), { person });
      const demo = await aWalletApplication(app);
      const session = await signInPerson(app, demo, person);
      const stepped = await steppedUpFor(app, demo, session, 'wallet.grant');
      return http(async () => {
        const answer = await withGrant(stepped.post('/v1/wallets/embedded', { chain: 'evm' }), stepped.grant);
        expect(answer.status).toBe(200);
        const about = { subject: wallet.walletId, applicationId: demo.applicationId, details: {} };
        return [ofSession('wallet.granted', stepped, about)];
      });
    },
  },
  'wallet.act_allowed': {
    'a message': async ({ app, http }) => {
      const demo = await aWalletApplication(app);
      const { session, wallet } = await anEmbeddedWallet(app, demo);
      const walletToken = await tokenFor(session, wallet);
      return http(async () => {
        const answer = await signWith(session, wallet, walletToken);
        expect(answer.status).toBe(200);
        const { actId, details } = answer.body as { actId: string; details: { digest: string } };
        const { digest } = details;
        const said = { actId, act: HELLO.act, digest, chain: HELLO.chainId, spends: '0', undecoded: '0' };
        const about = { subject: wallet.walletId, applicationId: demo.applicationId, details: said };
        return [ofSession('wallet.act_allowed', session, about)] satisfies AuditRecord[];
      });
    },
  },
};
