import { defineSettings } from '@countersign/applications';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { ReferralSettings } from './referral.settings';

const eventFields = defineEventFields({
  referrerId: { format: 'uuid', meaning: 'The account that brought `userId` to the application' },
  source: {
    format: 'text',
    meaning:
      'What named the referrer: `start-param`, which the platform signed, or `body`, the application itself',
  },
});

const acts = defineActs({
  'referral.bound': {
    meaning:
      'A person signed in to an application for the first time by the referral code of another, for good',
    orderedBy: 'userId',
    fields: ['userId', 'referrerId', 'applicationId', 'source'],
  },
});

const settings = defineSettings('referrals', ReferralSettings);

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
