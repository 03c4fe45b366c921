import { SettingsGroup } from '@countersign/applications';
import { defineEvents, commonFields } from '@countersign/audit';
import { ReferralSettings } from './referral.settings';
import { userFields } from '@countersign/users';

const referrerId = {
  format: 'uuid',
  meaning: 'The account that brought `userId` to the application',
} as const;
const source = {
  format: 'text',
  meaning:
    'What named the referrer: `start-param`, which the platform signed, or `body`, the application itself',
} as const;

const { userId } = userFields;
const { applicationId } = commonFields;

export const referralEvents = defineEvents({
  bound: {
    name: 'referral.bound',
    meaning:
      'A person signed in to an application for the first time by the referral code of another, for good',
    orderedBy: 'userId',
    fields: { userId, referrerId, applicationId, source },
  },
});

export const referralSettings = new SettingsGroup('referrals', ReferralSettings);
