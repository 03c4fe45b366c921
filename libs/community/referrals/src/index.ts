import './referrals.clear-text';
import './referrals.feature';

export { BoundReferrals } from './admin/bound-referrals';
export { UserReferrals } from './admin/user-referrals';
export { ReferralsModule } from './referrals.module';
export { referralError } from './referral.errors';
