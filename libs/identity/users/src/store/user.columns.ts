import { BLIND_INDEX, columns, columnsOf, type RowOf } from '@countersign/database';
import { IdentityDigestEntity, IdentityEntity } from './identity.entity';
import { UserApplicationEntity, UserEntity } from './user.entity';

/** A new identity, without its instants. */
export const NEW_IDENTITY = columnsOf(IdentityEntity).omit('createdAt', 'updatedAt');
export type NewIdentity = RowOf<typeof NEW_IDENTITY>;

export const PROFILE = NEW_IDENTITY.pick(
  'content',
  'storedFields',
  'assertedFields',
  'platformFields',
  'profileMadeAt',
  'phoneMadeAt',
);

/** The profile of an identity, and whether its username is another than before. */
export const CHANGED_PROFILE = NEW_IDENTITY.pick('id')
  .and(columns<{ readonly isRenamed: boolean }>({ isRenamed: 'boolean' }))
  .and(PROFILE);

export const NEW_PERSON = NEW_IDENTITY.and(
  columnsOf(UserEntity).pick('dataKey', 'auditPseudonym', 'platformProvenAt'),
);
export type NewPerson = RowOf<typeof NEW_PERSON>;

/** The digests of a claim, and its application. */
export const WANTED = BLIND_INDEX.and(columnsOf(UserApplicationEntity).pick('applicationId'));

/** Visits of an application on a day. */
export const SEEN = columnsOf(UserApplicationEntity).pick('userId', 'applicationId');

export const IDENTITY_DIGEST = columnsOf(IdentityDigestEntity);
