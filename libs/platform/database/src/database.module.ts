import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Configuration } from '@countersign/runtime';
import { Database } from './database';
import { ClockSkew } from './clock/clock-skew';
import { ExpiredRows, BatchedDeletions } from './statements/expired-rows.repository';
import { AgreedClock, DatabaseClock, PostgresClock } from './clock/database-clock';
import { DayPartitions } from './statements/day-partitions';
import { migrationsOf } from './migrations';
import { Notifications } from './notifications/notifications';
import { poolSettings } from './connections/pool';
import { Reachability } from './connections/reachability';
import { Schema, SCHEMA_OPTIONS } from './schema';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Configuration],
      useFactory: (configuration: Configuration) => ({
        type: 'postgres' as const,
        url: configuration.databaseUrl,
        applicationName: 'countersign',
        autoLoadEntities: true,
        migrations: migrationsOf(configuration.use).map(({ migration }) => migration),
        ...SCHEMA_OPTIONS,
        retryAttempts: 3,
        retryDelay: 1_000,
        extra: poolSettings(configuration),
      }),
    }),
  ],
  providers: [
    Reachability,
    ClockSkew,
    Database,
    DayPartitions,
    Schema,
    Notifications,
    { provide: DatabaseClock, useClass: PostgresClock },
    AgreedClock,
    BatchedDeletions,
    ExpiredRows,
  ],
  exports: [
    BatchedDeletions,
    ExpiredRows,
    Database,
    DatabaseClock,
    DayPartitions,
    Schema,
    Notifications,
    AgreedClock,
  ],
})
export class DatabaseModule {}
