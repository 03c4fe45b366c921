export { referralSettings } from './referrals.feature';
export { codeInStartParam, toStartParam } from './referral-code';
export { ReferralDigests } from './referral-digests';
export { ReferralCodes } from './referral-codes.service';
export { ReferralsModule } from './referrals.module';
