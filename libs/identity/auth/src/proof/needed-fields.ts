import type { Application, DataNeed } from '@countersign/applications';
import type { ProfileField } from '@countersign/users';

const fieldsOfNeed: Record<DataNeed, readonly ProfileField[]> = {
  name: ['firstName', 'lastName'],
  username: ['username'],
  photo: ['photoUrl'],
  language: ['languageCode'],
  phone: ['phoneNumber'],
  premium: ['premium'],
};

/**
 * The profile fields that an application may store and read. Only the operator's own applications get a phone
 * number: people who share it with one of them do not share it with a third party.
 */
export function neededFields({ trust, settings }: Application): ReadonlySet<ProfileField> {
  const needs = settings.dataNeeds.filter((need) => trust === 'first-party' || need !== 'phone');
  return new Set(needs.flatMap((need) => fieldsOfNeed[need]));
}
