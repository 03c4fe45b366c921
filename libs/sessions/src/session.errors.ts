import { defineErrors } from '@countersign/errors';

export const sessionError = defineErrors({
  'session.token_missing': {
    kind: 'unauthenticated',
    title: 'No access token was presented',
    remedy: 'Send `Authorization: Bearer <access token>`.',
  },
  'session.token_invalid': {
    kind: 'unauthenticated',
    title: 'The token is not valid',
    remedy: 'It was never issued, or a newer one has replaced it: use the latest, or sign in again.',
  },
  'session.expired': {
    kind: 'unauthenticated',
    title: 'The token has expired',
    remedy: 'Refresh the session, or sign in again.',
  },
  'session.ended': { kind: 'unauthenticated', title: 'The session has ended', remedy: 'Sign in again.' },
  'session.refresh_reused': {
    kind: 'unauthenticated',
    title: 'A used refresh token was presented, so the session has ended',
    remedy: 'Relaunch the Mini App and sign in.',
  },
  'session.account_switched': {
    kind: 'conflict',
    title: 'The init data names another person than the session',
    remedy: 'Sign in with the current init data.',
  },
  'session.not_found': { kind: 'not-found', title: 'No such session of yours' },
});
