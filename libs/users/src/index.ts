export {
  userStatuses,
  type ClaimedProfile,
  type FoundUser,
  type Identity,
  type IdentityAlias,
  type IdentityClaim,
  type IdentityKey,
  type KnownPerson,
  type Profile,
  type ProfileField,
  type User,
  type UserStatus,
} from './user';
export { IdentitiesService, type LinkedIdentity } from './identities.service';
export { restrictProfile } from './profile-sealing';
export { identityError, userError } from './user.errors';
export { UserMerging, type MergePair } from './user-merging';
export { UsersModule } from './users.module';
export { UsersService } from './users.service';
