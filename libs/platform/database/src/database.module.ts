import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Configuration } from '@countersign/config';
import { ConnectionLimits } from './connection-limits';
import { Database } from './database';
import { ClockSkew } from './clock-skew';
import { BatchedDeletions } from './batched-deletions';
import { AgreedClock, DatabaseClock, PostgresClock } from './database-clock';
import { DayPartitions } from './day-partitions';
import { migrations } from './migrations';
import { Notifications } from './notifications';
import { poolSettings } from './pool';
import { Reachability } from './reachability';
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
        migrations,
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
    ConnectionLimits,
    { provide: DatabaseClock, useClass: PostgresClock },
    AgreedClock,
    BatchedDeletions,
  ],
  exports: [
    BatchedDeletions,
    Database,
    DatabaseClock,
    DayPartitions,
    Schema,
    Notifications,
    ConnectionLimits,
    AgreedClock,
  ],
})
export class DatabaseModule {}
