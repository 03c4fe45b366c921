import { generateKeyRing } from '@countersign/crypto';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { chainsOf } from '../support/followed-wallets';
import {
  createTestDatabase,
  databaseEnvironment,
  SMALL_CACHES,
  type TestDatabase,
} from '../support/test-database';
import { patience } from '../runner/patience.cjs';
import { until } from '../support/until';
import { startScript, type RunningScript } from '../system/support/program';

const MAIN = 'dist/apps/cli/src/main.js';
const START_MS = 15_000 * patience;

describeWithAnvil('countersign follow, as a process', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  let database: TestDatabase;
  const started: RunningScript[] = [];
  const keys = JSON.stringify(generateKeyRing());

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterEach(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.splice(0).map(({ ended }) => ended));
  });

  afterAll(() => database.drop());

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    PATIENCE: undefined,
    NODE_ENV: 'development',
    ...SMALL_CACHES,
    ...databaseEnvironment(database),
    KEYS: keys,
    FOLLOWER_PORT: '0',
    CHAINS: chainsOf([anvil.url]),
  });
  const start = async (): Promise<RunningScript> => {
    const running = await startScript([MAIN, 'follow'], environment(), '"following"');
    started.push(running);
    return running;
  };
  const tip = async (): Promise<number> => {
    const [found] = await database.query<{ tip: string }>('SELECT tip_number AS tip FROM chain_positions');
    return Number(found?.tip ?? -1);
  };
  const mine = async (): Promise<number> => {
    await anvil.mine(5);
    return Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
  };

  it(
    'reads on where one was killed, and gives the chain back when it is stopped',
    async () => {
      const first = await start();
      const head = await mine();
      await until(async () => (await tip()) === head);
      const second = await start();
      first.child.kill('SIGKILL');
      await first.ended;

      const later = await mine();
      // As half a minute later.
      await database.query(`UPDATE chain_positions SET lease_until = now() - interval '1 second'`);
      await until(async () => (await tip()) === later);
      second.child.kill('SIGTERM');

      expect(await second.ended).toBe(0);
      expect(await database.query('SELECT 1 FROM chain_positions WHERE lease IS NOT NULL')).toEqual([]);
      await start();
      const last = await mine();
      await until(async () => (await tip()) === last);
    },
    4 * START_MS,
  );
});
