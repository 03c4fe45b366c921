import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@countersign/audit';
import { Heartbeat } from './heartbeat';
import { KeyCheck } from './store/key-check.entity';
import { KeyFeatures } from './key-work';
import { KeyProgressEntity } from './store/key-progress.entity';
import { KeyProgressRepository } from './store/key-progress.repository';
import { KeyRotation } from './key-rotation.service';
import { ReplicaEntity } from './store/replica.entity';
import { RingKeyEntity } from './store/ring-key.entity';
import { RingKeysRepository } from './store/ring-keys.repository';
import { RingStates } from './ring-states';
import { Rewrapping } from './rewrapping';
import { SealedValuesRepository } from './store/sealed-values.repository';

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
