import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { ReferralBindingRepository } from './store/referral-binding.repository';
import { ReferralCodes } from './referral-codes.service';
import { ReferralDigests } from './referral-digests';
import { ReferralSignIn } from './referral-sign-in';
import { ReferralTreeRepository } from './store/referral-tree.repository';
import { ReferralCodeEntity, ReferralKeyEntity, ReferralNodeEntity } from './store/referral.entity';
import { ReferralsAccountData } from './account-data/referrals-account-data';
import { ReferralsController } from './referrals.controller';
import { referralEvents, referralSettings } from './referrals.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([ReferralCodeEntity, ReferralKeyEntity, ReferralNodeEntity]),
    ApplicationsModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [ReferralsController],
  providers: [
    ReferralBindingRepository,
    ReferralCodes,
    ReferralDigests,
    ReferralSignIn,
    ReferralsAccountData,
    ReferralTreeRepository,
  ],
  exports: [ReferralCodes, ReferralDigests],
})
export class ReferralsModule {
  static readonly defines = { events: referralEvents, settings: [referralSettings] };
}
