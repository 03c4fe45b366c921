export { userEvents, userFields } from './users.feature';
export { assurances, isAssurance, isAtLeast, strongestOf, weakestOf, type Assurance } from './assurance';
export { highestAssuranceOf, weakestLinkOf, type AccountLevel } from './assurance';
export {
  accountDataOrder,
  HasAccountData,
  type AccountData,
  type ObjectedAct,
  type Lost,
  type Merged,
  type Returned,
} from './account-data/account-data';
export {
  countBy,
  countRows,
  eraseRows,
  moveRows,
  nameOf,
  recordRows,
  returnRows,
  type MovedRows,
  type MovedRowsByName,
  type OwnedRows,
} from './account-data/owned-rows.repository';
export { AccountEvents } from './accounts/account-events';
export { AccountLevels } from './levels/account-levels';
export { type Erasure, type ErasureReason } from './erasure/erasure.entity';
export { erasurePending, Erasures, type LedgerStanding } from './erasure/erasures.service';
export type { OwnIdentity } from './store/identities.repository';
export {
  userStatuses,
  type ClaimedProfile,
  type FoundUser,
  type Identity,
  type IdentityAlias,
  type IdentityClaim,
  type IdentityTrust,
  type KnownPerson,
  type LockedUser,
  type Profile,
  type ProfileField,
  type User,
  type UserStatus,
} from './user';
export { openDataKey } from './store/data-keys';
export { IdentityDirectory, type ListedIdentity } from './directory/identity-directory.repository';
export { identityFields, openIdentityFields } from './directory/identity-fields';
export { UserDirectory, type ListedUser } from './directory/user-directory.repository';
export { UserLookup, type LookedUp } from './directory/user-lookup.repository';
export { Installation, SEPARATION_DAYS } from './installation';
export {
  ListensToIdentities,
  type ChangedIdentity,
  type OwnerOfIdentity,
  type OnIdentityChange,
  type AnnouncedIdentity,
} from './accounts/on-identity-change';
export { normalizePlatformUsername } from './lookup/lookup-digests.repository';
export { LookupUpkeep } from './lookup/lookup-upkeep';
export { IdentitiesService } from './accounts/identities.service';
export { fieldsShownAt, restrictProfile } from './store/profile-sealing';
export { identityError, noSuchUser, userError } from './user.errors';
export { UserSplitting } from './moves/user-splitting';
export { UserMerging, type MergePair, type ReturnPair } from './moves/user-merging.repository';
export { UserImports, type PersonToImport } from './imports/user-imports';
export { UsersModule } from './users.module';
export { UsersService } from './accounts/users.service';
export { isFirstProof } from './accounts/wanted-user';
export {
  exportedItems,
  type ExportedPerson,
  type ExportedRows,
  type ExportSection,
  type Reading,
} from './account-data/exported-rows.repository';
