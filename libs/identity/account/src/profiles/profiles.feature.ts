import { defineEvents } from '@countersign/audit';
import { ownFields } from './fields/own-field';
import { userFields } from '@countersign/users';

const { userId } = userFields;

export const profileEvents = defineEvents({
  userProfileChanged: {
    name: 'user.profile_changed',
    isAudited: false,
    meaning: 'A person changed their own profile',
    orderedBy: 'userId',
    fields: { userId },
  },
  profileChanged: 'profile.changed',
});

export const revealedProfileFields = ownFields.map((field) => `profile.${field}`);
