import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@countersign/audit';
import { Heartbeat } from './heartbeat';
import { KeyCheck } from './key-check.entity';
import { KeyFeatures } from './key-work';
import { KeyProgressEntity } from './key-progress.entity';
import { KeyProgressRepository } from './key-progress.repository';
import { KeyRotation } from './key-rotation.service';
import { ReplicaEntity } from './replica.entity';
import { RingKeyEntity } from './ring-key.entity';
import { RingKeysRepository } from './ring-keys.repository';
import { RingStates } from './ring-states';
import { Rewrapping } from './rewrapping';
import { SealedValuesRepository } from './sealed-values.repository';

@Module({
  imports: [
    TypeOrmModule.forFeature([KeyCheck, KeyProgressEntity, ReplicaEntity, RingKeyEntity]),
    DiscoveryModule,
    AuditModule,
  ],
  providers: [
    Heartbeat,
    KeyFeatures,
    KeyProgressRepository,
    KeyRotation,
    Rewrapping,
    RingKeysRepository,
    RingStates,
    SealedValuesRepository,
  ],
  exports: [Heartbeat, KeyRotation, Rewrapping, RingStates],
})
export class KeysModule {}
