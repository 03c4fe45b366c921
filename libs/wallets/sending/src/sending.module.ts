import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { AuditModule } from '@countersign/audit';
import { ChainsModule } from '@countersign/chains';
import { EmbeddedWalletsModule } from '@countersign/embedded-wallets';
import { EventsModule } from '@countersign/events';
import { JobsModule } from '@countersign/jobs';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { ActsOfPerson } from './acts/acts-of-person.service';
import { WalletActsController } from './acts/wallet-acts.controller';
import { AdminSendsController } from './admin/sends.controller';
import { SendDirectory } from './admin/send-directory';
import { EvmSends } from './evm/evm-sends';
import { Quotes } from './evm/quotes';
import { Broadcasts } from './following/broadcasts';
import { FollowingDeps } from './following/following-deps';
import { SendChanges } from './following/send-changes';
import { SendFollowers } from './following/send-followers';
import { SendGauges } from './following/send-gauges';
import { SendEstimates } from './making/send-estimates';
import { SendPlans } from './making/send-plans';
import { SendReplacements } from './making/send-replacements';
import { SendSigning } from './making/send-signing';
import { Sending } from './making/sending.service';
import { Spendable } from './evm/spendable';
import { OwnSends } from './own/own-sends.service';
import { SendPorts } from './ports/send-ports';
import { SendsAccountData } from './sends-account-data';
import { TonPlans } from './ton/ton-plans';
import { TonSends } from './ton/ton-sends';
import { SendsController } from './own/sends.controller';
import {
  SendEntity,
  SendingLeaseEntity,
  SendSigningEntity,
  SendVersionEntity,
  WalletNonceEntity,
} from './store/send.entities';
import { SendingLeasesRepository } from './store/sending-leases.repository';
import { SendsRepository } from './store/sends.repository';

/** Sends of embedded wallets: never twice. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      SendEntity,
      SendingLeaseEntity,
      SendSigningEntity,
      SendVersionEntity,
      WalletNonceEntity,
    ]),
    AccountModule,
    AdminModule,
    AuditModule,
    ChainsModule,
    EmbeddedWalletsModule,
    EventsModule,
    JobsModule,
    SessionsModule,
    UsersModule,
    WalletsModule,
  ],
  controllers: [AdminSendsController, SendsController, WalletActsController],
  providers: [
    ActsOfPerson,
    Broadcasts,
    EvmSends,
    FollowingDeps,
    OwnSends,
    Quotes,
    SendChanges,
    SendDirectory,
    SendFollowers,
    SendGauges,
    Sending,
    SendEstimates,
    SendsAccountData,
    SendingLeasesRepository,
    SendPlans,
    SendReplacements,
    SendSigning,
    SendPorts,
    SendsRepository,
    Spendable,
    TonPlans,
    TonSends,
  ],
  exports: [Broadcasts, OwnSends, SendChanges, SendEstimates, SendFollowers, Sending],
})
export class SendingModule {}
