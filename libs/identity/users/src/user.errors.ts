import { defineErrors, type AppError, refusals } from '@countersign/text';

export const userError = defineErrors({
  'user.not_found': {
    kind: 'not-found',
    title: 'No such user',
    // The account was merged or erased after the session was authenticated.
    codeForSelf: 'session.ended',
    remedy: 'Check the id. People see no account that is deactivated, to be erased or erased.',
  },
  ...refusals('conflict', {
    'user.merged_into_another':
      'The account was merged into another one, whose id is in `mergedInto`. Read that account. If you mean it, repeat the call with its id.',
  }),
  ...refusals('forbidden', {
    'user.deactivated': 'The account is deactivated',
    'user.erasure_pending':
      'The account is to be erased, at the instant in `erasesAt`. To keep it, sign in with a fresh proof and `cancelErasure: true`.',
  }),
});

/** For a row that is gone. The person of the session gets `session.ended`. */
export function noSuchUser(userId: string): AppError {
  return userError('user.not_found', { userId });
}

export const identityError = defineErrors({
  ...refusals('not-found', {
    'identity.not_found':
      'No such identity. Read the identities again: GET /v1/me. Operators list them with GET /v1/admin/identities?userId=.',
  }),
  ...refusals('conflict', {
    'identity.belongs_to_another':
      'The identity belongs to another account. If both accounts are yours, make them one: POST /v1/me/joins, or by a fresh proof of the identity where its kind has a merge.',
    'identity.last_at_level':
      'Without this identity the account could not be reached at its level. First link another one that the platform signs for, or one of yours anew after step-up.',
    'identity.last_one': 'The last identity of an account cannot be removed. Link another one first.',
  }),
  ...refusals('forbidden', {
    'identity.came_recently':
      'An identity that came after this one, a few days ago, cannot replace it. Unlink it in a session of an identity that was there before, or when GET /v1/me/joins/separable no longer lists how the later one came.',
  }),
});
