export { ReferralsModule } from './referrals.module';
export { referralError } from './referral.errors';
