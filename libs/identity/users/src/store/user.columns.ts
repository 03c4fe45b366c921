import { BLIND_INDEX, columns, type RowOf } from '@countersign/database';
import type { IdentityDigestEntity, IdentityEntity } from './identity.entity';
import type { UserApplicationEntity, UserEntity } from './user.entity';

/** A new identity, without its instants. */
export const NEW_IDENTITY = columns<Readonly<Omit<IdentityEntity, 'createdAt' | 'updatedAt'>>>({
  id: 'uuid',
  userId: 'uuid',
  provider: 'text',
  environment: 'text',
  content: 'text',
  storedFields: 'text[]',
  phoneMadeAt: 'timestamptz',
  profileMadeAt: 'timestamptz',
  assertedFields: 'text[]',
  platformFields: 'text[]',
  cap: 'text',
  attachedAt: 'timestamptz',
  attachedBy: 'text',
  separableUntil: 'timestamptz',
  attachedWith: 'text[]',
});
export type NewIdentity = RowOf<typeof NEW_IDENTITY>;

/** What changes with a profile. */
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

/** A new identity with its new user. */
export const NEW_PERSON = NEW_IDENTITY.and(
  columns<Readonly<Pick<UserEntity, 'dataKey' | 'auditPseudonym' | 'platformProvenAt'>>>({
    dataKey: 'text',
    auditPseudonym: 'uuid',
    platformProvenAt: 'timestamptz',
  }),
);
export type NewPerson = RowOf<typeof NEW_PERSON>;

/** The digests of a claim, and its application. */
export const WANTED = BLIND_INDEX.and(
  columns<Pick<UserApplicationEntity, 'applicationId'>>({ applicationId: 'uuid' }),
);

/** Visits of an application on a day. */
export const SEEN = columns<Pick<UserApplicationEntity, 'userId' | 'applicationId'>>({
  userId: 'uuid',
  applicationId: 'uuid',
});

export const IDENTITY_DIGEST = BLIND_INDEX.and(
  columns<Pick<IdentityDigestEntity, 'identityId'>>({ identityId: 'uuid' }),
);
