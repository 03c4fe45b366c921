import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventEntity } from './event.entity';
import { EventPositionEntity } from './event-position.entity';
import { EventSubscriptionEntity } from './event-subscription.entity';
import { EventSubscriptions } from './event-subscriptions';
import { EventsRepository } from './events.repository';
import { EventsUpkeep } from './events-upkeep';
import { Outbox } from './outbox';
import { SealedEvents } from './sealed-events';

@Module({
  imports: [
    DiscoveryModule,
    TypeOrmModule.forFeature([EventEntity, EventPositionEntity, EventSubscriptionEntity]),
  ],
  providers: [EventSubscriptions, EventsRepository, EventsUpkeep, Outbox, SealedEvents],
  exports: [EventSubscriptions, EventsUpkeep, Outbox, SealedEvents],
})
export class EventsModule {}
