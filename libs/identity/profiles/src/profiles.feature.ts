import { defineActs } from '@countersign/events';
import type { Declared } from '@countersign/text';

const acts = defineActs({
  'user.profile_changed': {
    isAudited: false,
    meaning: 'A person changed their own profile',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'profile.changed': null,
});

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
