import type { Application, DataNeed } from '@countersign/applications';
import type { ProfileField } from '@countersign/users';

const fieldsOfNeed: Record<DataNeed, readonly ProfileField[]> = {
  name: ['firstName', 'lastName'],
  username: ['username'],
  photo: ['photoUrl'],
  language: ['languageCode'],
  phone: ['phoneNumber'],
};

/**
 * The profile fields that an application may keep and see. A phone number is given to the operator's own applications:
 * nobody who shared it with one of them meant a third party too.
 */
export function neededFields({ trust, settings }: Application): ReadonlySet<ProfileField> {
  const needs = settings.dataNeeds.filter((need) => trust === 'first-party' || need !== 'phone');
  return new Set(needs.flatMap((need) => fieldsOfNeed[need]));
}
