import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { ChainsModule } from '@countersign/chains';
import { EmbeddedWalletsModule } from '@countersign/embedded-wallets';
import { EventsModule } from '@countersign/events';
import { JobsModule } from '@countersign/jobs';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AdminSendsController } from './admin/sends.controller';
import { SendDirectory } from './admin/send-directory';
import { EvmSends } from './evm/evm-sends';
import { Quotes } from './evm/quotes';
import { Broadcasts } from './following/broadcasts';
import { ExportedWallets } from './following/exported-wallets';
import { FollowingDeps } from './following/following-deps';
import { SendChanges } from './following/send-changes';
import { SendFollowers } from './following/send-followers';
import { SendGauges } from './following/send-gauges';
import { SendEstimates } from './making/send-estimates';
import { AddressBook } from './limits/address-book';
import { SendRecipientEntity, SendSumEntity, WalletSendLimitsEntity } from './limits/limits.entities';
import { LimitsRepository } from './limits/limits.repository';
import { SendDecisions } from './limits/send-decisions';
import { SharedSums } from './limits/shared-sums';
import { WalletLimitsController } from './limits/wallet-limits.controller';
import { WalletLimits } from './limits/wallet-limits.service';
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
  SendAnswerEntity,
  SendEntity,
  SendingLeaseEntity,
  SendVersionEntity,
  WalletNonceEntity,
} from './store/send.entities';
import { SendingLeasesRepository } from './store/sending-leases.repository';
import { SendsRepository } from './store/sends.repository';
import { SendConfirmations } from './waiting/send-confirmations';
import { ConfirmationsController } from './waiting/confirmations.controller';
import { FreezeLaunch, SendLaunch } from './waiting/send-launches';
import { SendWaitEntity } from './waiting/send-wait.entity';
import { SendWaits } from './waiting/send-waits';
import { SendWaitsRepository } from './waiting/send-waits.repository';
import { WaitingSends } from './waiting/waiting-sends';

/** Sends of embedded wallets: never twice. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      SendRecipientEntity,
      SendSumEntity,
      WalletSendLimitsEntity,
      SendAnswerEntity,
      SendEntity,
      SendingLeaseEntity,
      SendVersionEntity,
      SendWaitEntity,
      WalletNonceEntity,
    ]),
    AccountModule,
    AdminModule,
    ApplicationsModule,
    AuditModule,
    ChainsModule,
    EmbeddedWalletsModule,
    EventsModule,
    JobsModule,
    SessionsModule,
    UsersModule,
    WalletsModule,
  ],
  controllers: [AdminSendsController, ConfirmationsController, SendsController, WalletLimitsController],
  providers: [
    AddressBook,
    Broadcasts,
    EvmSends,
    ExportedWallets,
    FollowingDeps,
    FreezeLaunch,
    LimitsRepository,
    OwnSends,
    Quotes,
    SendChanges,
    SendConfirmations,
    SendDecisions,
    SendDirectory,
    SendFollowers,
    SendGauges,
    Sending,
    SendEstimates,
    SendsAccountData,
    SendingLeasesRepository,
    SendLaunch,
    SendPlans,
    SendReplacements,
    SendSigning,
    SendPorts,
    SendsRepository,
    SendWaits,
    SendWaitsRepository,
    WaitingSends,
    SharedSums,
    Spendable,
    TonPlans,
    TonSends,
    WalletLimits,
  ],
  exports: [
    Broadcasts,
    OwnSends,
    SendChanges,
    SendDirectory,
    SendEstimates,
    SendFollowers,
    Sending,
    WaitingSends,
  ],
})
export class SendingModule {}
