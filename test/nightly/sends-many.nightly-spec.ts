import { randomBytes, randomUUID } from 'node:crypto';
import { privateKeyToAccount } from 'viem/accounts';
import { sealedJson, sealedText } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { WalletKeys } from '@countersign/linked-wallets';
import { anEmbeddedWallet, aWalletApplication, useCustody } from '../support/embedded-wallets';
import type { WalletBody } from '../support/linked-wallets';
import { useQuietNodes } from '../support/quiet-nodes';
import { CHAIN, FRIEND, look, sendingOn } from '../support/sends';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const WALLETS = 20;
const SENDS = 1_000;
const IN_A_ROUND = 50;
/** What a round asks a node for in any case: its heads, before and after. */
const OF_A_ROUND = 8;

describe('a thousand open sends', () => {
  const [first, second] = useQuietNodes();
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const signer = privateKeyToAccount(`0x${'11'.repeat(32)}`);

  /** As `POST .../sends` stores them. Nodes do not read who signed. */
  async function store({ walletId }: WalletBody, { applicationId }: Demo, nonce: number): Promise<void> {
    const raw = await signer.signTransaction({
      ...{ chainId: 31_337, nonce, gas: 21_000n, to: FRIEND, value: 1n },
      ...{ maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n },
    });
    const [id, at] = [randomUUID(), app.clock.now()];
    const wallets = await app.nest
      .get(Database)
      .read((manager) => app.nest.get(WalletKeys, { strict: false }).read(manager, [walletId]));
    const dataKey = wallets.get(walletId)?.dataKey;
    if (!dataKey) throw new Error('no key');
    await app.database.query(
      `INSERT INTO sends (id, wallet_id, application_id, chain_id, key_digest, request_digest, nonce, state, revision,
         details, created_at, looked_at, broadcast_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'broadcasting', 0, $8, $9, $9, $9)`,
      [
        ...[id, walletId, applicationId, CHAIN, randomBytes(32), randomBytes(32), nonce],
        ...[sealedJson<object>('sends', 'details').seal(dataKey, id, {}), at],
      ],
    );
    const sealed = sealedText('send_versions', 'raw').seal(dataKey, [id, 1], raw);
    await app.database.query(`INSERT INTO send_versions VALUES ($1, 1, 'first', $2, $3)`, [id, sealed, at]);
  }

  /** The most that a round asks a node for. */
  async function roundsUntilAllAreLookedAt(): Promise<number> {
    let most = 0;
    for (let round = 0; round < SENDS / IN_A_ROUND; round += 1) {
      for (const node of [first, second]) node.requests.length = 0;
      await look(app);
      most = Math.max(most, first.requests.length, second.requests.length);
    }
    return most;
  }

  it('are followed by a bounded number of requests in each block, each in its turn', async () => {
    for (const node of [first, second]) node.lie('eth_sendRawTransaction', `0x${'ab'.repeat(32)}`);
    const wallets: WalletBody[] = [];
    for (let made = 0; made < WALLETS; made += 1) wallets.push((await anEmbeddedWallet(app, game)).wallet);
    for (const wallet of wallets)
      for (let nonce = 0; nonce < SENDS / WALLETS; nonce += 1) await store(wallet, game, nonce);

    // Given to the nodes for the first time, and one count for each wallet.
    app.clock.advance(60);
    expect(await roundsUntilAllAreLookedAt()).toBeLessThanOrEqual(IN_A_ROUND + WALLETS + OF_A_ROUND);
    const [looked] = await app.database.query<{ count: number; given: number }>(
      `SELECT count(*) FILTER (WHERE looked_at >= $1)::int AS count,
         sum(jsonb_array_length(answers))::int AS given FROM sends`,
      [app.clock.now()],
    );
    expect(looked).toEqual({ count: SENDS, given: 2 * SENDS });

    // In a block, with their receipts.
    const blockHash = `0x${'cd'.repeat(32)}`;
    for (const node of [first, second]) {
      node.lie('eth_getTransactionCount', `0x${(SENDS / WALLETS).toString(16)}`);
      node.lie('eth_getTransactionReceipt', ([transactionHash]: readonly unknown[]) => ({
        ...{ transactionHash, blockHash, blockNumber: '0x0', status: '0x1' },
      }));
    }
    app.clock.advance(1);
    expect(await roundsUntilAllAreLookedAt()).toBeLessThanOrEqual(3 * IN_A_ROUND + WALLETS + OF_A_ROUND);
    const states = await app.database.query('SELECT state, count(*)::int AS count FROM sends GROUP BY state');
    expect(states).toEqual([{ state: 'final', count: SENDS }]);
  });
});
