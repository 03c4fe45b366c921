import { randomBytes } from 'node:crypto';
import { aWalletOwner, ANVIL_CHAIN, chainsOf, type WalletOwner } from '../support/followed-wallets';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const MANY = 5_000;
const LIMIT = 50;

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

describe('a page of a long history', () => {
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf(['http://127.0.0.1:9/']) } }));
  const demo = useApplication(app, { origins: [SITE] });
  const digest = randomBytes(32);

  /** How many rows PostgreSQL reads for the statement of the service. */
  async function readFor(
    { session, walletId }: WalletOwner,
    after: number | null,
    includesHidden: boolean,
  ): Promise<number> {
    const path = `/v1/wallets/${walletId}/transactions?chainId=${ANVIL_CHAIN}&includeHidden=${String(includesHidden)}`;
    const statements = await statementsOf(app, () => session.get(path).expect(200));
    const statement = statements.find((text) => /FROM wallet_transfers\s/.test(text)) ?? '';
    const [row] = await app.database.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`,
      [digest, after, LIMIT + 1],
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    if (!plan) throw new Error('there is no plan');
    return nodesOf(plan)
      .filter((node) => node['Relation Name'] === 'wallet_transfers')
      .map((node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0))
      .reduce((sum, rows) => sum + rows, 0);
  }

  it('reads its own rows, at the beginning, in the middle and among hidden ones', async () => {
    const owner = await aWalletOwner(app, demo);
    await app.database.query(
      `INSERT INTO wallet_transfers (digest, sequence, entry, is_hidden, content)
       SELECT $1, place, sha256(place::text::bytea), place > ${MANY / 2}, repeat('x', 700)
       FROM generate_series(1, ${MANY}) AS place`,
      [digest],
    );
    await app.database.query('ANALYZE wallet_transfers');

    for (const after of [null, MANY / 4])
      for (const includesHidden of [true, false])
        expect([after, includesHidden, await readFor(owner, after, includesHidden)]).toEqual([
          after,
          includesHidden,
          LIMIT + 1,
        ]);
  });
});
