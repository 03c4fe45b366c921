import { defineErrors } from '@countersign/errors';

export const accountError = defineErrors({
  'account.first_party_only': {
    kind: 'forbidden',
    title: 'Only sessions of the operator’s own applications reach this',
    remedy: 'Sign in with a first-party application.',
  },
  'account.step_up_required': {
    kind: 'forbidden',
    title: 'This asks for a fresh proof of one’s own identity',
    remedy: 'Present one to POST /v1/me/step-up, and repeat the call within five minutes.',
  },
  'account.other_person': {
    kind: 'forbidden',
    title: 'The proof is not of one’s own identity',
    remedy: 'Present a proof of an identity that the account has.',
  },
  'account.same_account': {
    kind: 'conflict',
    title: 'The proof is of this very account',
    remedy: 'Present a proof of the other account.',
  },
  'account.nothing_to_merge': {
    kind: 'not-found',
    title: 'No account has the identity of the proof',
    remedy: 'Link it instead: POST /v1/me/identities/...',
  },
  'account.contact_of_another': {
    kind: 'forbidden',
    title: 'The contact is not one’s own',
    remedy: 'Share the contact of the account that signed in.',
  },
  'account.erasure_not_confirmed': {
    kind: 'conflict',
    title: 'The erasure is not confirmed',
    remedy: 'Show the person GET /v1/me/erasure, and repeat the call with its `confirm` in the query.',
  },
  'account.erasure_ceiling_reached': {
    kind: 'conflict',
    title: 'Too many erasures are requested by proofs of this bot',
    remedy: 'Sign in with what the platform itself has signed, or ask the operator.',
  },
  'account.data_not_needed': {
    kind: 'forbidden',
    title: 'The application does not ask for this',
    remedy: 'An operator can add `phone` to the `dataNeeds` of the application.',
  },
});
