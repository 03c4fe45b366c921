import { defineErrors, type AppError } from '@countersign/text';

export const userError = defineErrors({
  'user.not_found': {
    kind: 'not-found',
    title: 'No such user',
    // The account was merged or erased after the session was authenticated.
    codeForSelf: 'session.ended',
    remedy: 'Check the id. People see no account that is deactivated, to be erased or erased.',
  },
  'user.merged_into_another': {
    kind: 'conflict',
    title: 'The account was merged into another one, whose id is in `mergedInto`',
    remedy: 'Read that account. If you mean it, repeat the call with its id.',
  },
  'user.deactivated': { kind: 'forbidden', title: 'The account is deactivated' },
  'user.erasure_pending': {
    kind: 'forbidden',
    title: 'The account is to be erased, at the instant in `erasesAt`',
    remedy: 'To keep it, sign in with a fresh proof and `cancelErasure: true`.',
  },
});

/** For a row that is gone. The person of the session gets `session.ended`. */
export function noSuchUser(userId: string): AppError {
  return userError('user.not_found', { userId });
}

export const identityError = defineErrors({
  'identity.not_found': {
    kind: 'not-found',
    title: 'No such identity',
    remedy:
      'Read the identities again: GET /v1/me. Operators list them with GET /v1/admin/identities?userId=.',
  },
  'identity.belongs_to_another': {
    kind: 'conflict',
    title: 'The identity belongs to another account',
    remedy:
      'If both accounts are yours, make them one: POST /v1/me/joins, or by a fresh proof of the identity where its kind has a merge.',
  },
  'identity.came_recently': {
    kind: 'forbidden',
    title: 'An identity that came after this one, a few days ago, cannot replace it',
    remedy:
      'Unlink it in a session of an identity that was there before, or when GET /v1/me/joins/separable no longer lists how the later one came.',
  },
  'identity.last_at_level': {
    kind: 'conflict',
    title: 'Without this identity the account could not be reached at its level',
    remedy: 'First link another one that the platform signs for, or one of yours anew after step-up.',
  },
  'identity.last_one': {
    kind: 'conflict',
    title: 'The last identity of an account cannot be removed',
    remedy: 'Link another one first.',
  },
});
