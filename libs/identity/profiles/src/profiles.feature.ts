import { defineRevealedFields } from '@countersign/account';
import { defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { ownFields } from './fields/own-field';

const acts = defineActs({
  'user.profile_changed': {
    isAudited: false,
    meaning: 'A person changed their own profile',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'profile.changed': null,
});

const revealedFields = defineRevealedFields(ownFields.map((field) => `profile.${field}` as const));

declare module '@countersign/account' {
  interface RevealedFields extends NamesOf<typeof revealedFields> {}
}

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
