import { randomUUID } from 'node:crypto';
import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { Database } from '@countersign/database';
import { ForeignUse, WalletExports } from '@countersign/embedded-wallets';
import type { EventType } from '@countersign/events';
import { SendChanges } from '@countersign/sending';
import { SessionEndingsInSteps } from '@countersign/sessions';
import { Erasures } from '@countersign/users';
import { times } from '../factories';
import type { Stage, Way } from './audit-trail';
import { anEmbeddedWallet, aWalletApplication, acceptedExport, bind } from './embedded-wallets';
import { signInOpenWeb3, signInPerson } from './person-session';
import { askToJoin, launchedToJoin, withGrant } from './relaunch';

/** The expected events come from the rows. */
const NO_RECORDS = [] as const;

const later = ({ app }: Stage, days: number): Date => new Date(app.clock.now().getTime() + days * DAY);

/** Acts that have no record of their own in the audit trail, or whose events need more rows than its ways have. */
export const waysOfEvents: readonly (readonly [type: EventType, title: string, way: Way])[] = [
  [
    'user.created',
    'many at once',
    async ({ app, demo, http }) =>
      Promise.resolve(
        http(async () => {
          const sessions = await Promise.all(times(20, () => app.signIn(demo)));
          expect(new Set(sessions.map(({ userId }) => userId)).size).toBe(20);
          return NO_RECORDS;
        }),
      ),
  ],
  [
    'user.profile_changed',
    'fields, of a person who used several applications',
    async ({ app, demo, http }) => {
      const session = await signInPerson(app, demo);
      await app.signIn(await app.createApplication(), session.person);
      return http(async () => {
        expect((await session.patch('/v1/me/profile', { displayName: 'Ada' })).status).toBe(200);
        return NO_RECORDS;
      });
    },
  ],
  [
    'user.profile_changed',
    'preferences, of a person who used several applications',
    async ({ app, demo, http }) => {
      const session = await signInPerson(app, demo);
      await app.signIn(await app.createApplication(), session.person);
      return http(async () => {
        const patch = { preferences: { theme: 'dark' } };
        expect((await session.patch('/v1/me/profile', patch)).status).toBe(200);
        return NO_RECORDS;
      });
    },
  ],
  [
    'wallet.exported',
    'by its person',
    async ({ app, custody, http }) => {
      const demo = await aWalletApplication(app);
      const { session, wallet } = await anEmbeddedWallet(app, demo);
      const show = await acceptedExport(custody, session, wallet);
      return http(async () => {
        await show();
        expect(await app.nest.get(WalletExports, { strict: false }).run()).toBe(1);
        return NO_RECORDS;
      });
    },
  ],
  [
    'wallet.export_requested',
    'by its person',
    async ({ app, custody, http }) => {
      const demo = await aWalletApplication(app);
      const { session, wallet } = await anEmbeddedWallet(app, demo);
      await bind(custody, session);
      return http(async () => {
        const path = `/v1/wallets/${wallet.walletId}/consents`;
        expect((await session.post(path, { kind: 'export' })).status).toBe(201);
        return NO_RECORDS;
      });
    },
  ],
  [
    'wallet.used_elsewhere',
    'once',
    async ({ app, http }) => {
      const { wallet } = await anEmbeddedWallet(app, await aWalletApplication(app));
      const foreignUse = app.nest.get(ForeignUse, { strict: false });
      return http(async () => {
        for (const { walletId } of [wallet, wallet])
          await app.nest.get(Database).transaction((tx) => foreignUse.note(tx, walletId));
        return NO_RECORDS;
      });
    },
  ],
  ...(['final', 'failed', 'replaced', 'cancelled', 'not_sent'] as const).map(wayOfSend),
  [
    'user.merged',
    'of people who used several applications',
    async (stage) => {
      const { app, demo, im, http } = stage;
      const survivor = await signInPerson(app, demo);
      await app.signIn(await app.createApplication(), survivor.person);
      const other = await app.addOpenWeb3Bot(await app.createApplication());
      const loser = await signInOpenWeb3(app, im);
      await signInOpenWeb3(app, other, loser.person);
      app.clock.advance(1);
      const { code, number } = await askToJoin(app, demo, survivor);
      const second = await launchedToJoin(app, demo, loser, code);
      return http(async () => {
        const accepted = withGrant(second.post(`/v1/joins/${code}/accept`, { number }), second.grant);
        expect((await accepted).status).toBe(200);
        return NO_RECORDS;
      });
    },
  ],
  [
    'user.erased',
    'with a session that lives until then',
    async (stage) => {
      const { app, demo, http } = stage;
      const { userId } = await app.signIn(demo);
      const at = app.clock.now();
      await app.nest.get(Database).transaction((tx) =>
        app.nest.get(Erasures).put(tx, {
          userId,
          kind: 'open',
          reason: 'person',
          assurance: 'platform',
          applicationId: demo.applicationId,
          requestedAt: at,
          eraseAt: later(stage, 30),
          startedAt: null,
        }),
      );
      return http(async () => {
        expect(await app.nest.get(ErasureCompletion).complete(userId, later(stage, 31))).toBe(true);
        return NO_RECORDS;
      });
    },
  ],
  [
    'session.opened',
    'by the proof of a session that was not used, whose end is not told',
    async ({ app, http }) => {
      const game = await app.createApplication({
        settings: { session: { accessIdle: 60, refreshIdle: 600 } },
      });
      const body = { applicationId: game.applicationId, initData: app.initDataOf(game) };
      await app.postSignIn(body).expect(200);
      app.clock.advance(601);
      return http(async () => {
        await app.postSignIn(body).expect(200);
        return NO_RECORDS;
      });
    },
  ],
  [
    'session.ended',
    'all that were opened until a restore',
    async ({ app, demo, http }) => {
      await app.signIn(demo);
      return http(async () => {
        expect(await app.nest.get(SessionEndingsInSteps).endOpenedUntil(app.clock.now())).toBeGreaterThan(0);
        return NO_RECORDS;
      });
    },
  ],
];

/** A send of an account whose person used several applications: only the one that asked for it learns how it ended. */
function wayOfSend(
  end: 'final' | 'failed' | 'replaced' | 'cancelled' | 'not_sent',
): readonly [type: EventType, title: string, way: Way] {
  return [
    `wallet.send_${end}`,
    'once',
    async ({ app, http }) => {
      const demo = await aWalletApplication(app);
      const { session, wallet } = await anEmbeddedWallet(app, demo);
      await app.signIn(await app.createApplication(), session.person);
      const sendId = randomUUID();
      const kind = end === 'cancelled' ? 'cancel' : 'first';
      await app.database.query(
        `INSERT INTO sends (id, wallet_id, application_id, chain_id, key_digest, request_digest, nonce, state, revision,
           details, created_at, looked_at, broadcast_at)
         VALUES ($1, $2, $3, 'eip155:1', sha256('key'), sha256('request'), 0, 'mined', 0, '', now(), now(), now())`,
        [sendId, wallet.walletId, demo.applicationId],
      );
      await app.database.query(`INSERT INTO send_versions VALUES ($1, 1, $2, '', now())`, [sendId, kind]);
      const changes = app.nest.get(SendChanges, { strict: false });
      return http(async () => {
        const state = end === 'cancelled' ? 'final' : end === 'not_sent' ? 'not-sent' : end;
        const send = await app.nest
          .get(Database)
          .read((manager) => manager.findOneBy('SendEntity', { walletId: wallet.walletId, id: sendId }));
        const change = () =>
          app.nest
            .get(Database)
            .transaction((tx) => changes.change(tx, send as never, { state, outcome: null }, kind));
        expect([await change(), await change()]).toEqual([true, false]);
        return NO_RECORDS;
      });
    },
  ];
}
