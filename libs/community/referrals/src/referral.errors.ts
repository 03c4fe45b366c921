import { defineErrors } from '@countersign/text';

export const referralError = defineErrors({
  'referral.off': { kind: 'not-found', title: 'Referrals are off', remedy: 'Set referrals.mode.' },
  'referral.required': {
    kind: 'forbidden',
    title: 'The first sign-in needs the referral code of a person who is there already',
    remedy:
      'Open the application by a person’s link, or send their `referralCode` where the sign-in takes one.',
  },
});
