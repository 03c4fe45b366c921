export { assurances, isAssurance, isAtLeast, weakestOf, type Assurance } from './assurance';
export {
  accountLevelOf,
  accountLevels,
  canReach,
  strongestProofOf,
  type AccountLevel,
} from './account-level';
export { AccountLevels } from './account-levels';
export type { AttachedIdentity, OwnIdentity } from './identities.repository';
export {
  userStatuses,
  type ClaimedProfile,
  type FoundUser,
  type Identity,
  type IdentityAlias,
  type IdentityKey,
  type IdentityTrust,
  type KnownPerson,
  type Profile,
  type ProfileField,
  type User,
  type UserStatus,
} from './user';
export { IdentitiesService } from './identities.service';
export { restrictProfile } from './profile-sealing';
export { identityError, userError } from './user.errors';
export { UserSplitting } from './user-splitting';
export { UserMerging, type MergePair } from './user-merging';
export { UsersModule } from './users.module';
export { isFirstProof, UsersService, type Visit } from './users.service';
