import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventEntity } from './event.entity';
import { EventsRepository } from './events.repository';
import { EventsUpkeep } from './events-upkeep';
import { Outbox } from './outbox';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([EventEntity])],
  providers: [EventsRepository, EventsUpkeep, Outbox],
  exports: [EventsUpkeep, Outbox],
})
export class EventsModule {}
