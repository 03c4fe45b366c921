import { ErasureService, type LedgerList } from '@countersign/account';
import { JournalSeal, WalletDestruction } from '@countersign/embedded-wallets';
import { HealthService } from '../../apps/api/src/health/health.service';
import { TestCustody } from '../support/custody';
import {
  aWalletApplication,
  anEmbeddedWallet,
  askForAct,
  perform,
  actFor,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import type { WalletBody } from '../support/linked-wallets';
import { signInPerson, type PersonSession } from '../support/person-session';
import { Countersign } from '../support/run-countersign';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';

interface Person {
  readonly session: PersonSession;
  readonly wallet: WalletBody;
}

/** An installation with custody, a backup of both databases, and what runs. */
class Installation {
  private app: TestApp | null = null;
  private restoreCustody: () => Promise<void> = () => Promise.resolve();
  private backup: TestDatabase | null = null;

  private constructor(
    readonly custody: TestCustody,
    private readonly database: TestDatabase,
    private readonly ledger: TestDatabase,
  ) {}

  static async make(): Promise<Installation> {
    const [database, ledger] = [await createTestDatabase(), await createTestDatabase({ isEmpty: true })];
    return new Installation(await TestCustody.start(), database, ledger);
  }

  async start(database = this.database): Promise<TestApp> {
    const environment = { ERASURE_LEDGER: this.ledger.directUrl, CUSTODY_SOCKET: this.custody.socket };
    const { keys, clock, telegram } = this.app ?? {};
    this.app = await TestApp.start({
      ...{ database, environment },
      ...(keys && clock && telegram ? { keys, clock, telegram } : {}),
    });
    return this.app;
  }

  /** Of both databases, while nothing runs; then both go on. */
  async backUp(): Promise<TestApp> {
    await this.app?.close();
    await this.custody.kill();
    this.restoreCustody = await this.custody.backUp();
    this.backup = await this.database.copy();
    await this.custody.run();
    return this.start();
  }

  async restore({ isOfCustodyAlone = false } = {}): Promise<TestApp> {
    await this.app?.close();
    await this.custody.kill();
    await this.restoreCustody();
    await this.custody.run();
    const database = isOfCustodyAlone ? this.database : (this.backup ?? this.database);
    // At the command line, while no replica runs.
    if (this.app && !isOfCustodyAlone)
      await new Countersign({ database, keys: this.app.keys }, { CUSTODY_SOCKET: this.custody.socket }).json(
        'wallet stop --reason restored',
      );
    return this.start(database);
  }

  /** The operator says that the database was restored. @returns the wallets that the list named */
  async confirm({ database, keys }: TestApp): Promise<readonly string[]> {
    const countersign = new Countersign({ database, keys }, { ERASURE_LEDGER: this.ledger.directUrl });
    const list = await countersign.json<LedgerList>('ledger list');
    await countersign.json(`ledger restored ${list.digest}`);
    return list.erasures.flatMap(({ forfeit }) => forfeit);
  }

  async drop(): Promise<void> {
    await this.app?.close();
    await this.backup?.drop();
    await this.database.drop();
    await this.ledger.drop();
    await this.custody.close();
  }
}

const installation = useFixture(() => Installation.make(), { per: 'test', close: (made) => made.drop() });

const hasKey = ({ wallet }: Person): Promise<boolean> =>
  installation.custody.client.describe(wallet.walletId).then(
    () => true,
    () => false,
  );

async function twoPeople(): Promise<{ readonly demo: Demo; readonly people: readonly [Person, Person] }> {
  const app = await installation.start();
  const demo = await aWalletApplication(app);
  return { demo, people: [await anEmbeddedWallet(app, demo), await anEmbeddedWallet(app, demo)] };
}

/** At once, with the key. */
async function erase(app: TestApp, { session, wallet }: Person): Promise<void> {
  const erasures = app.nest.get(ErasureService);
  expect(await erasures.eraseFor(session.userId, 'ticket-1', true, [wallet.walletId])).toMatchObject({
    erasesAt: null,
  });
  expect(await app.nest.get(WalletDestruction).run()).toBe(1);
}

describe('a backup of both databases that was made before an erasure', () => {
  it('comes back without the wallet, whose key is destroyed again, and with the others', async () => {
    const { demo, people } = await twoPeople();
    const [gone, other] = people;
    const app = await installation.backUp();
    await app.nest.get(JournalSeal).run();
    await erase(app, gone);
    expect([await hasKey(gone), await hasKey(other)]).toEqual([false, true]);

    const restored = await installation.restore();

    expect(await restored.nest.get(HealthService).isReady()).toBe(true);
    expect(await installation.confirm(restored)).toEqual([gone.wallet.walletId]);
    const rows = await restored.database.query('SELECT 1 FROM wallets WHERE id = $1', [gone.wallet.walletId]);
    expect(rows).toEqual([]);
    expect(await hasKey(gone)).toBe(true);
    expect(await restored.nest.get(WalletDestruction).run()).toBe(1);
    expect([await hasKey(gone), await hasKey(other)]).toEqual([false, true]);
    const back = await signInPerson(restored, demo, gone.session.person);
    expect(back.userId).not.toBe(gone.session.userId);
    expectProblem(await askForAct(back, gone.wallet), 404, 'wallet.not_found');
    const again = await signInPerson(restored, demo, other.session.person);
    const actId = await actFor(again, other.wallet);
    expectProblem(await perform(again, other.wallet, actId), 403, 'wallet.acts_stopped');
    expect(installation.custody.command('release')).toMatch(/^0: /);
    const signed = await perform(again, other.wallet, await actFor(again, other.wallet));
    expect(signed.status).toBe(200);
    expect(await restored.nest.get(JournalSeal).run()).toBeGreaterThan(0);
  });
});

describe('a backup of custody alone', () => {
  it('is reported: its journal lies behind what the audit trail sealed', async () => {
    const { people } = await twoPeople();
    const app = await installation.backUp();
    await erase(app, people[0]);
    // The rules, two wallets, and the destruction.
    expect(await app.nest.get(JournalSeal).run()).toBe(4);

    const restored = await installation.restore({ isOfCustodyAlone: true });

    await expect(restored.nest.get(JournalSeal).run()).rejects.toMatchObject({
      code: 'custody.journal_differs',
    });
  });
});
