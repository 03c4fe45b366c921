import { defineActs } from '@countersign/sessions';

const ofAccount = { level: 'account', needsStepUp: true } as const;

/** The acts of the account plane. */
export const accountActs = defineActs({
  'account.accept_join': { ...ofAccount, isAskedByAnother: true, title: 'Join this account to another one' },
  'account.erase': { ...ofAccount, title: 'Erase the account' },
  'account.export': { ...ofAccount, title: 'Export everything that is stored about you' },
  'account.join': { ...ofAccount, title: 'Ask another account to join this one' },
  'account.link': { ...ofAccount, title: 'Link another way to sign in' },
  'account.unlink': { ...ofAccount, title: 'Remove a way to sign in' },
});
