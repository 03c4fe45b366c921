import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { Repository } from 'typeorm';
import { generateKeyRing } from '@countersign/crypto';
import { migrate, UnusedTablesError } from '@countersign/database';
import { features, featuresOf, UseError } from '../../apps/api/src/features';
import { HealthService } from '../../apps/api/src/health/health.service';
import { TestWorker } from '../support/test-worker';
import { useTestDatabase } from '../support/use-test-app';

/** A feature with all that it is built on, as `COUNTERSIGN_USE` names them. */
function withNeeds(name: string): readonly string[] {
  const all: readonly { readonly name: string; readonly needs?: readonly string[] }[] = features;
  const needs = all.find((one) => one.name === name)?.needs ?? [];
  return [...new Set([...needs.flatMap(withNeeds), name])];
}

/** Of the entities of its modules: TypeORM knows those of all that the process has started. */
function tablesOf({ nest }: TestWorker): readonly string[] {
  const providers = nest.select(DiscoveryModule).get(DiscoveryService).getProviders();
  return providers
    .map(({ instance }) => instance as unknown)
    .filter((instance) => instance instanceof Repository)
    .map(({ metadata }) => metadata.tableName);
}

describe('COUNTERSIGN_USE', () => {
  const database = useTestDatabase({ isEmpty: true }, { per: 'test' });
  const keys = JSON.stringify(generateKeyRing());
  const start = (use: readonly string[]) =>
    TestWorker.start({ database, keys, environment: { COUNTERSIGN_USE: use.join() } });

  const tablesIn = async () =>
    (
      await database.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT relispartition AND relname <> 'migrations'`,
      )
    ).map(({ name }) => name);

  it.each(['none', ...features.map(({ name }) => name)])(
    'starts %s with what it needs and no more: the tables are those of its entities, and it is ready',
    async (name) => {
      const use = name === 'none' ? [name] : withNeeds(name);
      await migrate(database.directUrl, { use });
      const worker = await start(use);
      try {
        expect(new Set(await tablesIn())).toEqual(new Set(tablesOf(worker)));
        expect((await worker.nest.get(HealthService).readiness()).filter(({ ok }) => !ok)).toEqual([]);
      } finally {
        await worker.close();
      }
    },
  );

  it('refuses a database with tables of a feature that is not in use: they may hold data of people', async () => {
    await migrate(database.directUrl, { use: ['teams'] });

    await expect(start(['none'])).rejects.toThrow(new UnusedTablesError(['teams']));
  });

  it('is not ready once others have added the tables of a feature', async () => {
    await migrate(database.directUrl, { use: ['none'] });
    const worker = await start(['none']);
    await migrate(database.directUrl, { use: ['teams'] });
    const readiness = await worker.nest.get(HealthService).readiness();
    await worker.close();

    const detail = 'has tables of teams: restart with them in COUNTERSIGN_USE';
    expect(readiness).toContainEqual({ name: 'schema', ok: false, detail });
  });

  it('refuses a feature without those that it needs, and an unknown one', () => {
    expect(() => featuresOf(['leaderboards', 'profiles', 'teams'])).toThrow(
      new UseError('COUNTERSIGN_USE lacks features that those it names need: add referrals.'),
    );
    expect(() => featuresOf(['boards'])).toThrow(UseError);
    expect(() => featuresOf(['none', 'teams'])).toThrow(UseError);
    expect(featuresOf(['none'])).toEqual([]);
    expect(featuresOf(['all'])).toEqual(features);
  });
});
