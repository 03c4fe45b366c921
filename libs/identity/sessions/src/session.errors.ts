import { defineErrors } from '@countersign/errors';

/** RFC 6750 section 3.1. */
const INVALID_TOKEN = { scheme: 'Bearer', error: 'invalid_token' } as const;

export const sessionError = defineErrors({
  'session.token_missing': {
    kind: 'unauthenticated',
    title: 'No access token was presented',
    remedy: 'Send `Authorization: Bearer <access token>`.',
  },
  'session.required': {
    kind: 'forbidden',
    title: 'This call needs a session',
    remedy: 'Sign in with the init data, and send the access token.',
  },
  'session.token_invalid': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
    title: 'The token is not valid',
    remedy: 'Use the latest one, or sign in again.',
  },
  'session.expired': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
    title: 'The token has expired',
    remedy: 'Refresh the session, or sign in again.',
  },
  'session.ended': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
    title: 'The session has ended',
    remedy: 'Sign in again.',
  },
  'session.refresh_reused': {
    kind: 'unauthenticated',
    challenge: INVALID_TOKEN,
    title: 'A used refresh token was presented, so the session has ended',
    remedy: 'Relaunch the Mini App and sign in.',
  },
  'session.account_switched': {
    kind: 'conflict',
    title: 'The init data names another person than the session',
    remedy: 'Sign in with the current init data.',
  },
  'session.not_found': { kind: 'not-found', title: 'No such session, or none of yours' },
});
