export { assurances, isAssurance, isAtLeast, strongestOf, weakestOf, type Assurance } from './assurance';
export {
  accountLevelOf,
  accountLevels,
  canReach,
  strongestProofOf,
  weakestLinkOf,
  type AccountLevel,
} from './account-level';
export {
  AccountPartOf,
  accountPartOrder,
  lostThings,
  PartOfAccount,
  type AccountPart,
  type ApplicationPart,
  type ExportedPerson,
  type ExportSection,
  type Lost,
  type MergeRecord,
  type PartJournal,
  type Reading,
  type Returned,
  type ReturnPair,
} from './account-part';
export { AccountEvents } from './account-events';
export { AccountLevels } from './account-levels';
export { erasureKinds, type Erasure, type ErasureKind, type ErasureReason } from './erasure';
export { erasurePending, Erasures, requestsOf } from './erasures.service';
export type { AttachedIdentity, AttachedLink, OwnIdentity } from './identities.repository';
export {
  userStatuses,
  type ClaimedProfile,
  type FoundUser,
  type Identity,
  type IdentityAlias,
  type IdentityClaim,
  type IdentityKey,
  type IdentityTrust,
  type KnownPerson,
  type Profile,
  type ProfileField,
  type ProvenContract,
  type ProvenWallet,
  type SignatureSwitch,
  type User,
  type UserStatus,
} from './user';
export { openDataKey } from './data-keys';
export { IdentityDirectory, type ListedIdentity } from './directory/identity-directory';
export {
  identityFields,
  IdentityFields,
  type IdentityField,
  type OpenedIdentity,
} from './directory/identity-fields';
export type { IdentityFilter } from './directory/identity-list.repository';
export { UserDirectory, type ListedUser } from './directory/user-directory';
export type { UserFilter } from './directory/user-list.repository';
export { UserLookup, type FoundHolder, type LookedUp } from './directory/user-lookup.repository';
export { IdleUsers, type SeenUser } from './idle-users.repository';
export {
  MAX_SEPARATION_DAYS,
  MIN_SEPARATION_DAYS,
  revealApprovals,
  type RevealApproval,
} from './installation.entity';
export { InstallationRepository, type InstallationRow } from './installation.repository';
export {
  PartOfIdentity,
  type IdentityOfPart,
  type IdentityPart,
  type OwnerOfIdentity,
  type ToldIdentity,
} from './identity-part';
export { lookupFields, normalizeLookedUp, type LookupField } from './lookup/lookup-field';
export { LookupStates, type LookupState } from './lookup/lookup-states';
export { LookupUpkeep } from './lookup/lookup-upkeep';
export { IdentityMarkUpkeep } from './marks/identity-mark-upkeep';
export { IdentitiesService } from './identities.service';
export { fieldsShownAt, type FieldAssurances } from './field-assurances';
export { ProofCutoffs, type SomeProofs } from './proof-cutoffs';
export { openSubject, restrictProfile } from './profile-sealing';
export {
  IdentityMarks,
  RemembersIdentities,
  type MarkedIdentity,
  type MarkSource,
  type WantedMark,
} from './marks/identity-marks';
export { identityError, userError } from './user.errors';
export { UserSplitting } from './user-splitting';
export { UserMerging, type MergePair, type MergeSide } from './user-merging';
export { UserReturning } from './user-returning';
export { UsersModule } from './users.module';
export { UnneededFields, type ClearedBatch, type NeededField } from './unneeded-fields.repository';
export { UsersService, type Visit } from './users.service';
export { isFirstProof } from './wanted-user';
