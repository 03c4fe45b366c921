import { defineErrors, refusals } from '@countersign/text';

export const referralError = defineErrors({
  ...refusals('not-found', { 'referral.off': 'Referrals are off. Set referrals.mode.' }),
  ...refusals('forbidden', {
    'referral.required':
      'The first sign-in needs the referral code of a person who is there already. Open the application by a person’s link, or send their `referralCode` where the sign-in takes one.',
  }),
});
