import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../runner/patience.cjs';
import { times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { useFakeNode } from '../support/fake-node';
import { aFundedWallet, aKey, coin, permit, sendingOn } from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { ReplicaProcess } from '../system/support/replica-process';

/** Of `npm run test:nightly -- send-kills`. Without it `sends-kills-evm.nightly-spec.ts` kills at each step that is known. */
const KILLS = Number(process.env['SEND_KILLS'] ?? 0);
const inLongTests = KILLS > 0 ? describeWithAnvil : describe.skip;
const PEOPLE = 6;
const REPLICAS = 3;
/** A kill comes up to this long after a call has begun. */
const KILLED_WITHIN_MS = 400;
const DOWN_MS = 500;
/** How often a person calls again before the call is left for the end. */
const MAX_CALLS = 4;
/** For starts of processes and for blocks, also beside other programs. */
const WAIT_MS = 120_000 * patience;

async function patiently(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${WAIT_MS} ms`);
    await sleep(20);
  }
}

type Funded = Awaited<ReturnType<typeof aFundedWallet>>;

/** What a person wanted to send, once. */
interface Wish {
  readonly from: Funded;
  readonly to: `0x${string}`;
  readonly amount: bigint;
  readonly key: string;
  sendId: string | null;
}

/** Three replicas and custody, each of which is killed at random moments, while people send. The chain judges. */
inLongTests(`sends through ${KILLS} random kills`, () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1', '--block-time', '1'] });
  const [first, second] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const custody = useCustody();
  const sending = () => sendingOn(custody, [first.url, second.url]);
  const app = useTestApp(sending);
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const replicas = useFixture(
    async () => {
      const made = [];
      for (let each = 0; each < REPLICAS; each += 1)
        made.push(await ReplicaProcess.of(app, sending().environment));
      return { all: made };
    },
    { close: ({ all }) => Promise.all(all.map((each) => each.kill())) },
  );
  const wishes: Wish[] = [];
  const over = new AbortController();
  const isOver = () => over.signal.aborted;
  let calling = 0;

  const running = () => replicas.all.filter((each) => each.isRunning);

  async function anyReplica(): Promise<ReplicaProcess> {
    await patiently(() => running().length > 0);
    return running()[randomInt(running().length)] ?? anyReplica();
  }

  /** Calls once, for the act of the key: a new one where the old one expired. @returns the status */
  async function call(wish: Wish): Promise<number> {
    const { from, to, amount, key } = wish;
    app.clock.catchUp();
    const permitted = await permit(from.session, from.wallet, coin(amount, to), { key });
    const replica = await anyReplica();
    calling += 1;
    const { status, body } = await replica
      .send(from.session, from.wallet, permitted)
      .finally(() => (calling -= 1));
    // 503: custody was killed, or a connection. 409: a send before it is not given to the nodes again yet, and many wait for it.
    expect(status === 409 ? body : { code: 'send.too_many_open' }).toMatchObject({
      code: 'send.too_many_open',
    });
    expect([0, 200, 409, 503]).toContain(status);
    if (status === 200) {
      // A key names one send, whoever answers.
      expect(body.sendId).toBe(wish.sendId ?? body.sendId);
      wish.sendId = body.sendId;
    }
    return status;
  }

  async function sendOnAndOn(from: Funded): Promise<void> {
    while (!isOver()) {
      const [to, amount] = [`0x${randomBytes(20).toString('hex')}` as const, BigInt(randomInt(1, 1_000))];
      const wish: Wish = { from, to, amount, key: aKey(), sendId: null };
      wishes.push(wish);
      for (let calls = randomInt(1, MAX_CALLS + 1); calls > 0 && !isOver(); calls -= 1)
        if ((await call(wish)) === 200 && randomInt(4) > 0) break;
      await sleep(randomInt(300));
    }
  }

  async function killOne(starting: Set<Promise<void>>): Promise<void> {
    // One replica is left, so that people send meanwhile.
    await patiently(() => running().length > 1 && calling > 0);
    await sleep(randomInt(KILLED_WITHIN_MS));
    const victims = [...running(), custody];
    const victim = victims[randomInt(victims.length)] ?? custody;
    await victim.kill();
    const start = async (): Promise<void> => {
      await sleep(randomInt(DOWN_MS));
      await (victim instanceof ReplicaProcess ? victim.start() : victim.run());
    };
    // Custody starts fast.
    if (!(victim instanceof ReplicaProcess)) return start();
    const started = start().finally(() => starting.delete(started));
    starting.add(started);
  }

  /** Until all sends that are stored have ended. */
  async function settle(): Promise<void> {
    await patiently(async () => {
      const open = await app.database.query(`SELECT 1 FROM sends WHERE state <> 'final'`);
      return open.length === 0;
    });
  }

  const received = ({ to }: Wish) => anvil.client.getBalance({ address: to });

  /** Each send that is stored is in the chain once, and nothing else is. */
  async function expectSameAsChain(): Promise<void> {
    for (const from of new Set(wishes.map((wish) => wish.from))) {
      const { walletId } = from.wallet;
      const rows = await app.database.query('SELECT 1 FROM sends WHERE wallet_id = $1', [walletId]);
      const own = await Promise.all(
        wishes
          .filter((wish) => wish.from === from)
          .map(async (wish) => [await received(wish), wish] as const),
      );
      for (const [balance, { amount, sendId }] of own)
        expect(balance).toBe(sendId === null && balance === 0n ? 0n : amount);
      expect(own.filter(([balance]) => balance > 0n)).toHaveLength(rows.length);
      expect(await anvil.client.getTransactionCount(from)).toBe(rows.length);
    }
  }

  it(
    'are made once or not at all, and the same call says which',
    async () => {
      await Promise.all(replicas.all.map((each) => each.start()));
      const people = await Promise.all(times(PEOPLE, () => aFundedWallet(app, game, anvil)));
      const work = Promise.all(people.map((person) => sendOnAndOn(person)));
      const starting = new Set<Promise<void>>();
      const kills = (async () => {
        for (let killed = 0; killed < KILLS && !isOver(); killed += 1) await killOne(starting);
      })();
      // The work ends first where it fails.
      await Promise.race([kills, work]).catch(() => undefined);
      over.abort();
      await Promise.allSettled([work, kills, ...starting]);
      await Promise.all([work, kills]);

      await settle();
      await expectSameAsChain();
      const unanswered = wishes.filter(({ sendId }) => sendId === null);
      const isMade = await Promise.all(unanswered.map(async (wish) => (await received(wish)) > 0n));
      process.stdout.write(
        `${wishes.length} sends; of ${unanswered.length} without an answer ${isMade.filter(Boolean).length} were made\n`,
      );

      // Which of them were made, the same call says: a send that was made is older than this moment.
      const before = new Date();
      const askAgain = async (wish: Wish): Promise<void> => {
        const wasMade = (await received(wish)) > 0n;
        while ((await call(wish)) !== 200) await sleep(DOWN_MS);
        const [row] = await app.database.query<{ createdAt: Date }>(
          'SELECT created_at AS "createdAt" FROM sends WHERE id = $1',
          [wish.sendId],
        );
        expect(row && row.createdAt < before).toBe(wasMade);
      };
      const askAllAgain = async (person: Funded): Promise<void> => {
        for (const wish of wishes.filter(({ from }) => from === person)) await askAgain(wish);
      };
      await Promise.all(people.map((person) => askAllAgain(person)));
      await settle();
      await expectSameAsChain();
    },
    KILLS * 10_000 * patience + 4 * WAIT_MS,
  );
});
