import type { AuditAction } from '@countersign/events';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { waysOfEmbeddedWallets } from './audit-ways-of-embedded-wallets';
import { ofOperator } from './audit-ways-of-operators';
import { ofSession } from './audit-ways-of-people';
import { settleAttachments } from './accounts';
import { aSteppedUp, linkWallet, sendConnection, walletsOf, type WalletBody } from './linked-wallets';
import { signInPerson, type PersonSession } from './person-session';
import type { Demo } from './test-app';
import { anEvmWallet, aWalletSite, walletProof, walletSignInBody } from './wallets';

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
  action: AuditAction,
  actor: string,
  { walletId, identityId }: Pick<WalletBody, 'walletId' | 'identityId'>,
  applicationId: string | null = null,
  details: Readonly<Record<string, string>> = {},
): AuditRecord {
  return { action, actor, subject: walletId, applicationId, details: { identityId, ...PROOF, ...details } };
}

/** Of a wallet that is no identity. */
function ofConnection(
  action: AuditAction,
  { botId, applicationId }: Demo,
  { sessionId }: PersonSession,
  { walletId }: WalletBody,
  proof: Readonly<Record<string, string>>,
): AuditRecord {
  const asking = { sessionAssurance: 'platform', sessionBot: `telegram/production/${botId}` };
  const details = { ...PROOF, ...proof, ...asking };
  return { action, actor: `session:${sessionId}`, subject: walletId, applicationId, details };
}

function unlinking(pathOf: (linked: WalletBody) => string): Way {
  return async (stage) => {
    const { demo, session, linked } = await aScene(stage);
    await settleAttachments(stage.app);
    return stage.http(async () => {
      expect((await session.delete(pathOf(linked))).status).toBe(204);
      const details = { ...trailOf(demo), endedSessions: '0' };
      return [
        ofSession('identity.unlinked', session, demo, { subject: linked.identityId, details }),
        about('wallet.unlinked', `session:${session.sessionId}`, linked),
      ];
    });
  };
}

function linking(path: '/v1/wallets/links' | '/v1/me/identities/wallets'): Way {
  return async (stage) => {
    const demo = await aWalletSite(stage.app);
    const { applicationId } = demo;
    const [session, wallet] = [await aSteppedUp(stage.app, demo), anEvmWallet()];
    const proof = await walletProof(session, wallet, 'link');
    const options = path === '/v1/wallets/links' ? { canSignIn: true } : {};
    return stage.http(async () => {
      expect((await session.post(path, { ...proof, ...options })).status).toBe(201);
      const [linked] = await walletsOf(session);
      if (!linked) throw new Error('no wallet was linked');
      const details = { ...PROOF, assurance: 'platform', ...trailOf(demo), cap: 'platform' };
      return [
        ofSession('identity.linked', session, demo, { subject: linked.identityId, details }),
        about('wallet.linked', await stage.pseudonymOf(session), linked, applicationId),
      ];
    });
  };
}

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
  'identity.linked': { 'of a wallet': linking('/v1/me/identities/wallets') },
  'wallet.linked': {
    'by a link': linking('/v1/wallets/links'),
    'by a connection': async (stage) => {
      const demo = await aWalletSite(stage.app);
      const session = await signInPerson(stage.app, demo);
      const proof = await walletProof(session, anEvmWallet(), 'link');
      return stage.http(async () => {
        const { status, body } = await session.post('/v1/wallets/links', proof);
        expect(status).toBe(201);
        return [ofConnection('wallet.linked', demo, session, body as WalletBody, { assurance: 'platform' })];
      });
    },
    'by the sign-in that founds an account': async (stage) => {
      const demo = await aWalletSite(stage.app);
      const { applicationId } = demo;
      const wallet = anEvmWallet();
      const proof = await walletSignInBody(stage.app, demo, wallet);
      return stage.http(async () => {
        const { status, body } = await stage.app.http.post('/v1/auth/wallets').send(proof);
        expect(status).toBe(200);
        const { userId, sessionId } = body as { userId: string; sessionId: string };
        const [row] = await stage.app.database.query<{ walletId: string; identityId: string }>(
          'SELECT id AS "walletId", identity_id AS "identityId" FROM wallets WHERE user_id = $1',
          [userId],
        );
        const actor = await stage.pseudonymOf({ userId });
        const record = {
          actor,
          subject: sessionId,
          applicationId,
          details: { ...PROOF, assurance: 'platform' },
        };
        if (!row) throw new Error('the account has no wallet');
        return [{ action: 'user.created', ...record }, about('wallet.linked', actor, row, applicationId)];
      });
    },
  },
  'wallet.unlinked': {
    'by its person, of a connected one': async (stage) => {
      const demo = await aWalletSite(stage.app);
      const session = await signInPerson(stage.app, demo);
      const { body } = await sendConnection(session, anEvmWallet());
      const { walletId } = body as WalletBody;
      return stage.http(async () => {
        expect((await session.delete(`/v1/wallets/${walletId}`)).status).toBe(204);
        return [ofConnection('wallet.unlinked', demo, session, body as WalletBody, {})];
      });
    },
    'by its person': unlinking(({ walletId }) => `/v1/wallets/${walletId}`),
    'by an operator': async (stage) => {
      const { linked } = await aScene(stage);
      return stage.cli(async () => {
        await stage.countersign.json(`wallet unlink ${linked.walletId}`);
        const record = ofOperator('identity.unlinked', null, {
          subject: linked.identityId,
          details: { endedSessions: '0' },
        });
        return [record, about('wallet.unlinked', record.actor, linked)];
      });
    },
    'by detaching its identity': async (stage) => {
      const { linked } = await aScene(stage);
      return stage.cli(async () => {
        const { identityId } = linked;
        const split = await stage.countersign.json<{ userId: string }>(`identity detach ${identityId}`);
        const into = await stage.pseudonymOf(split);
        const opened = await stage.app.database.query<{ walletId: string }>(
          'SELECT id AS "walletId" FROM wallets WHERE user_id = $1',
          [split.userId],
        );
        const details = { into, endedSessions: '0' };
        const record = ofOperator('identity.detached', null, { subject: identityId, details });
        return [
          record,
          about('wallet.unlinked', record.actor, linked),
          about('wallet.linked', record.actor, { walletId: opened[0]?.walletId ?? '', identityId }),
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
