import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventEntity } from './event.entity';
import { EventPositionEntity } from './event-position.entity';
import { EventSubscriptionEntity } from './event-subscription.entity';
import { EventSubscriptions } from './event-subscriptions';
import { EventsRepository } from './events.repository';
import { EventsUpkeep } from './events-upkeep';
import { Outbox } from './outbox';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity, EventPositionEntity, EventSubscriptionEntity])],
  providers: [EventSubscriptions, EventsRepository, EventsUpkeep, Outbox],
  exports: [EventSubscriptions, EventsUpkeep, Outbox],
})
export class EventsModule {}
