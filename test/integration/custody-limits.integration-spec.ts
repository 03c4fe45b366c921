import { randomUUID } from 'node:crypto';
import type { Asked } from '@countersign/embedded-wallets';
import { aPerson, times, type Person } from '../factories';
import { opened } from '../support/consents';
import { anAct, coins, outcomeOf, TestCustody } from '../support/custody';
import { useFixture } from '../support/use-fixture';

const FEE = 21_000n;
const much = { walletPerDay: String(100n * FEE), allPerHour: String(10n * FEE) };
const custody = useFixture(
  () =>
    TestCustody.start(undefined, {
      assets: [
        { chain: 'eip155:1', token: null, ...much, withConsent: much },
        // Larger amounts than without consent.
        { chain: 'eip155:8453', token: null, walletPerDay: '0', allPerHour: '0', withConsent: much },
      ],
      ...{ exportsPerHour: 10, exportDelayHours: 0, destructionsPerHour: 10 },
    }),
  { close: (one) => one.close() },
);

const on = (walletId: string, chain: string) => custody.signingOf(walletId, coins(0n), chain);
const consented = async (asked: Asked, person: Person) => {
  expect(await custody.page.accept(asked, person)).toEqual({ state: 'accepted' });
  return opened(asked).consent;
};

/** What a person does once, with a wallet of their own, by the name of the sum that counts it. */
const ACTS: Readonly<Record<string, (walletId: string, person: Person) => Promise<unknown>>> = {
  'eip155:1/coin': async (walletId) => {
    await custody.client.sign(anAct(walletId), await on(walletId, 'eip155:1'));
  },
  'consented/eip155:8453/coin': async (walletId, person) => {
    const signing = await on(walletId, 'eip155:8453');
    const consent = await consented(await custody.client.ask(anAct(walletId), signing), person);
    return custody.client.sign(anAct(walletId), signing, consent);
  },
  export: (walletId, person) => custody.page.exported(walletId, person),
  destroy: (walletId) => custody.client.destroy(anAct(walletId)),
};

describe('the limits of custody', () => {
  it.each(Object.entries(ACTS))('leave others half of what all may do in an hour: %s', async (name, act) => {
    const [greedy, other] = [aPerson(), aPerson()];
    const outcomes = [];
    for (let count = 0; count < 7; count += 1)
      outcomes.push(await outcomeOf(act(await custody.page.aWalletOf(greedy), greedy)));
    const refused = expect.stringMatching(/^above_/) as string;
    expect(outcomes).toEqual([...times(5, () => 'done'), refused, refused]);

    // What the person does in vain takes nothing from others.
    for (let count = 0; count < 5; count += 1)
      expect(await outcomeOf(act(await custody.page.aWalletOf(other), other))).toBe('done');
    const third = aPerson();
    expect(await outcomeOf(act(await custody.page.aWalletOf(third), third))).toMatch(/^above_/);
    expect(await sumsOf(name)).toEqual(['all', 'person', 'person']);
  });

  it('leave other sessions and other people room for requests', async () => {
    const person = aPerson();
    const [walletId, others] = [
      await custody.page.aWalletOf(person),
      await custody.page.aWalletOf(aPerson()),
    ];
    const ask = (of: string, session: string) => custody.client.askFor(anAct(of), 'unfreeze', { session });
    const thief = randomUUID();
    for (let count = 0; count < 4; count += 1) await ask(walletId, thief);

    expect(await outcomeOf(ask(walletId, thief))).toBe('requests_waiting');
    expect(await outcomeOf(ask(walletId, randomUUID()))).toBe('done');
    expect(await outcomeOf(ask(others, randomUUID()))).toBe('done');
    await custody.page.call({ call: 'clear-own', walletId }, custody.page.launch(person));
    expect(await outcomeOf(ask(walletId, thief))).toBe('done');
  });

  it('are all of these: no sum of all people is without one of each person', async () => {
    const shared = (await allSums()).flatMap((id) =>
      id.startsWith('all/') ? [id.slice('all/'.length)] : [],
    );

    expect([...new Set(shared)].toSorted()).toEqual(Object.keys(ACTS).toSorted());
  });
});

const allSums = () =>
  custody.asSuperuser(async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT DISTINCT id FROM custody.sums');
    return rows.map(({ id }) => id);
  });

/** Whose sums of this name there are, without the day of each wallet. */
const sumsOf = async (name: string) =>
  (await allSums())
    .filter((id) => id.endsWith(`/${name}`) && /^(?:all|person)\//.test(id))
    .map((id) => id.split('/')[0])
    .toSorted();
