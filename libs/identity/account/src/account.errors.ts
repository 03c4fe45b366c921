import { defineErrors, refusals } from '@countersign/text';

export const accountError = defineErrors({
  ...refusals('forbidden', {
    'account.first_party_only':
      'Only sessions of the operator’s own applications reach this. Sign in with a first-party application.',
    'account.step_up_required':
      'This asks for a fresh proof of one’s own identity. Ask for a code for the `act` that the problem names with POST /v1/me/step-up/requests, open its link, and repeat the call there with the grant. Log In With Telegram and identities that answer challenges: POST /v1/me/step-up. A join takes only the grant of its own link.',
    'account.other_person':
      'The proof is not of one’s own identity. Present a proof of an identity that the account has.',
    'account.contact_of_another':
      'The contact is not one’s own. Share the contact of the account that signed in.',
    'account.grant_invalid':
      'The grant is not good for this call. A grant is for one act, one session, one use and five minutes. Ask for another code.',
    'account.join_number_wrong':
      'This is not the number that the other page shows. Type the number of the page that asked. After three wrong ones the request ends.',
    'account.data_not_needed':
      'The application does not ask for this. An operator can add `phone` to the `dataNeeds` of the application.',
    'separation.proof_too_old':
      'The proof of the session is older than five minutes. Sign in again with the identity that came, and repeat the call.',
  }),
  ...refusals('conflict', {
    'account.same_account': 'The proof is of this very account. Present a proof of the other account.',
    'account.cannot_join':
      'The account that is to join holds what cannot move. Merge the other way round. Two accounts that both hold it are not merged.',
    'account.erasure_not_confirmed':
      'The erasure is not confirmed. Show the person GET /v1/me/erasure, and repeat the call with its `confirm` in the query.',
    'account.forfeit_not_named':
      'The erasure would destroy for good what the call does not name. Save what the ids in `forfeit` stand for, or repeat the call with all of them, joined by commas, in `forfeit` (CLI: `--forfeit`): it is then lost.',
    'user.no_erasure_requested': 'The erasure of this account is not requested',
    'user.erasure_not_of_operator':
      'Only its person cancels this erasure. The platform signed for it: its person signs in with a fresh proof and `cancelErasure: true`.',
    'user.erasure_started': 'The erasure has begun, and cannot be cancelled',
  }),
  ...refusals('unavailable', {
    'account.erasures_wait':
      'Erasures wait until an operator has answered a question about the ledger of erasures. Try again later. An operator runs `countersign ledger list`, and answers (docs/operations.md).',
  }),
  ...refusals('malformed', {
    'account.act_unknown':
      'This is no act for which a session asks for a code. docs/security.md lists the acts that ask for a step-up. A join is accepted by the launch that carries its code.',
  }),
  ...refusals('not-found', {
    'account.step_up_request_not_found': 'This session asked for no such step-up',
    'account.join_not_found':
      'No such open request to join two accounts. It ended after ten minutes, three wrong numbers, or an answer. Ask for another one.',
    'separation.not_found':
      'No such join that the session may separate. GET /v1/me/joins/separable lists them, to sessions of the identities that came and at the level of the account.',
  }),
  ...refusals('impossible', {
    'user.lookup_off':
      'Accounts are not found by usernames: this is switched off. Look up by another id, or switch it on with `countersign installation set --username-lookup on`.',
  }),
});
