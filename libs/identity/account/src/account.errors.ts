import { defineErrors } from '@countersign/text';

export const accountError = defineErrors({
  'account.first_party_only': {
    kind: 'forbidden',
    title: 'Only sessions of the operator’s own applications reach this',
    remedy: 'Sign in with a first-party application.',
  },
  'account.step_up_required': {
    kind: 'forbidden',
    title: 'This asks for a fresh proof of one’s own identity',
    remedy:
      'Ask for a code for the `act` that the problem names with POST /v1/me/step-up/requests, open its link, and repeat the call there ' +
      'with the grant. Log In With Telegram and identities that answer challenges: POST /v1/me/step-up. A join takes only the grant of its own link.',
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
  'account.cannot_join': {
    kind: 'conflict',
    title: 'The account that is to join holds what cannot move',
    remedy: 'Merge the other way round. Two accounts that both hold it are not merged.',
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
  'account.erasures_wait': {
    kind: 'unavailable',
    title: 'Erasures wait until an operator has answered a question about the ledger of erasures',
    remedy: 'Try again later. An operator runs `countersign ledger list`, and answers (docs/operations.md).',
  },
  'account.forfeit_not_named': {
    kind: 'conflict',
    title: 'The erasure would destroy for good what the call does not name',
    remedy:
      'Save what the ids in `forfeit` stand for, or repeat the call with all of them, joined by commas, in `forfeit` (CLI: `--forfeit`): it is then lost.',
  },
  'account.act_unknown': {
    kind: 'malformed',
    title: 'This is no act for which a session asks for a code',
    remedy:
      'docs/security.md lists the acts that ask for a step-up. A join is accepted by the launch that carries its code.',
  },
  'account.grant_invalid': {
    kind: 'forbidden',
    title: 'The grant is not good for this call',
    remedy: 'A grant is for one act, one session, one use and five minutes. Ask for another code.',
  },
  'account.step_up_request_not_found': { kind: 'not-found', title: 'This session asked for no such step-up' },
  'account.join_not_found': {
    kind: 'not-found',
    title: 'No such open request to join two accounts',
    remedy: 'It ended after ten minutes, three wrong numbers, or an answer. Ask for another one.',
  },
  'account.join_number_wrong': {
    kind: 'forbidden',
    title: 'This is not the number that the other page shows',
    remedy: 'Type the number of the page that asked. After three wrong ones the request ends.',
  },
  'account.data_not_needed': {
    kind: 'forbidden',
    title: 'The application does not ask for this',
    remedy: 'An operator can add `phone` to the `dataNeeds` of the application.',
  },
  'user.lookup_off': {
    kind: 'impossible',
    title: 'Accounts are not found by usernames: this is switched off',
    remedy:
      'Look up by another id, or switch it on with `countersign installation set --username-lookup on`.',
  },
  'user.no_erasure_requested': { kind: 'conflict', title: 'The erasure of this account is not requested' },
  'user.erasure_not_of_operator': {
    kind: 'conflict',
    title: 'Only its person cancels this erasure',
    remedy: 'The platform signed for it: its person signs in with a fresh proof and `cancelErasure: true`.',
  },
  'user.erasure_started': { kind: 'conflict', title: 'The erasure has begun, and cannot be cancelled' },
  'separation.not_found': {
    kind: 'not-found',
    title: 'No such join that the session may separate',
    remedy:
      'GET /v1/me/joins/separable lists them, to sessions of the identities that came and at the level of the account.',
  },
  'separation.proof_too_old': {
    kind: 'forbidden',
    title: 'The proof of the session is older than five minutes',
    remedy: 'Sign in again with the identity that came, and repeat the call.',
  },
});
