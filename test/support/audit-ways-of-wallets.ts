import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { waysOfEmbeddedWallets } from './audit-ways-of-embedded-wallets';
import { ofSession } from './audit-ways-of-people';
import { settleAttachments } from './accounts';
import { aSteppedUp, linkWallet, walletsOf, type WalletBody } from './linked-wallets';
import { type PersonSession } from './person-session';
import type { Demo } from './test-app';
import { anEvmWallet, aWalletSite, walletProof } from './wallets';

interface Scene {
  readonly demo: Demo;
  readonly session: PersonSession;
  readonly linked: WalletBody;
}

const PROOF = { provider: 'ethereum', environment: 'production' } as const;

async function aScene({ app }: Stage): Promise<Scene> {
  const demo = await aWalletSite(app);
  const session = await aSteppedUp(app, demo);
  return { demo, session, linked: await linkWallet(session, anEvmWallet()) };
}

function trailOf({ botId }: Demo): Readonly<Record<string, string>> {
  const bot = `telegram/production/${botId}`;
  return { sessionAssurance: 'platform', sessionBot: bot, stepUpAssurance: 'platform', stepUpBot: bot };
}

function about(
  action: string,
  actor: string,
  { walletId, identityId }: Pick<WalletBody, 'walletId' | 'identityId'>,
  applicationId: string | null = null,
  details: Readonly<Record<string, string>> = {},
): AuditRecord {
  return { action, actor, subject: walletId, applicationId, details: { identityId, ...PROOF, ...details } };
}

const linking: Way = async (stage) => {
  const demo = await aWalletSite(stage.app);
  const [session, wallet] = [await aSteppedUp(stage.app, demo), anEvmWallet()];
  const proof = await walletProof(session, wallet, 'link');
  return stage.http(async () => {
    expect((await session.post('/v1/wallets/links', { ...proof, canSignIn: true })).status).toBe(201);
    const [linked] = await walletsOf(session);
    if (!linked) throw new Error('no wallet was linked');
    const details = { ...PROOF, assurance: 'platform', ...trailOf(demo), cap: 'platform' };
    return [
      ofSession('identity.linked', session, demo, { subject: linked.identityId, details }),
      about('wallet.linked', await stage.pseudonymOf(session), linked, demo.applicationId),
    ];
  });
};

/** What happens to linked wallets. */
export const waysOfWallets: Ways<
  | 'identity.linked'
  | 'wallet.act_allowed'
  | 'wallet.changed'
  | 'wallet.created'
  | 'wallet.frozen'
  | 'wallet.brake_applied'
  | 'wallet.linked'
  | 'wallet.unlinked'
> = {
  ...waysOfEmbeddedWallets,
  'identity.linked': { 'of a wallet': linking },
  'wallet.linked': { 'by a link': linking },
  'wallet.unlinked': {
    'by its person': async (stage) => {
      const { demo, session, linked } = await aScene(stage);
      await settleAttachments(stage.app);
      return stage.http(async () => {
        expect((await session.delete(`/v1/wallets/${linked.walletId}`)).status).toBe(204);
        const details = { ...trailOf(demo), endedSessions: '0' };
        return [
          ofSession('identity.unlinked', session, demo, { subject: linked.identityId, details }),
          about('wallet.unlinked', `session:${session.sessionId}`, linked),
        ];
      });
    },
  },
  'wallet.changed': {
    'by its person, who names it': async (stage) => {
      const { demo, session, linked } = await aScene(stage);
      return stage.http(async () => {
        const path = `/v1/wallets/${linked.walletId}`;
        expect((await session.patch(path, { label: 'Savings', isPrimary: true })).status).toBe(200);
        expect((await session.patch(path, { label: 'Savings' })).status).toBe(200);
        const actor = `session:${session.sessionId}`;
        return [about('wallet.changed', actor, linked, demo.applicationId, { fields: 'label' })];
      });
    },
  },
};
