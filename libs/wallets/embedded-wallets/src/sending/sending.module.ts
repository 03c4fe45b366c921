import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountModule } from '@countersign/account';
import { ChainsModule } from '@countersign/chains';
import { EmbeddedWalletsModule } from '../embedded-wallets.module';
import { WalletsModule } from '@countersign/linked-wallets';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AskedActs, PerformedActs } from './acts/acts.service';
import { WalletActsController } from './acts/wallet-acts.controller';
import { AdminSendsController } from './admin/sends.controller';
import { SendDirectory } from './admin/send-directory';
import { CompatSends, SendEstimates } from './compat/compat-sends';
import { EvmSends } from './evm/evm-sends';
import { Quotes } from './evm/quotes';
import { Spendable } from './evm/spendable';
import { Broadcasts } from './following/broadcasts';
import { OpenSends, SendChanges } from './following/open-sends';
import { SendFollowers } from './following/send-followers';
import { SendGauges } from './following/send-gauges';
import { SendingLeases } from './following/sending-leases.repository';
import { SendsController } from './sends.controller';
import { SendReplacements } from './replacements/send-replacements';
import { SEND_PORTS, SendPlans } from './send-plans';
import { Sending } from './sending.service';
import { SendsAccountData } from './sends-account-data';
import {
  SendEntity,
  SendingLeaseEntity,
  SendSigningEntity,
  SendVersionEntity,
  WalletNonceEntity,
} from './store/send.entities';
import { SendsRepository } from './store/sends.repository';
import { StoredSends } from './store/stored-sends';
import { TonSends } from './ton/ton-sends';
import { sendEvents } from './sending.feature';

const used = [Broadcasts, CompatSends, SendEstimates, SendFollowers];

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
    ChainsModule,
    EmbeddedWalletsModule,
    SessionsModule,
    UsersModule,
    WalletsModule,
  ],
  controllers: [AdminSendsController, SendsController, WalletActsController],
  providers: [
    ...used,
    AskedActs,
    EvmSends,
    OpenSends,
    PerformedActs,
    Quotes,
    SendChanges,
    SendDirectory,
    SendGauges,
    Sending,
    SendingLeases,
    SendPlans,
    SendReplacements,
    SendsAccountData,
    SendsRepository,
    Spendable,
    StoredSends,
    TonSends,
    {
      provide: SEND_PORTS,
      inject: [EvmSends, TonSends],
      useFactory: (evm: EvmSends, ton: TonSends) => ({ evm, ton }),
    },
  ],
  exports: used,
})
export class SendingModule {
  static readonly defines = { events: sendEvents };
}
