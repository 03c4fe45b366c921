export { accountEvents } from './account.feature';

export { IsReason } from './admin/dto/user.dto';
export { defineLookup } from './admin/dto/lookup.dto';
export type { KnownIdentities } from './admin/user-lookups.service';
export { accountError } from './account.errors';
export { carriesCode, codeInStartParam, mintCode, startParameterOf } from './step-up/one-time-code';
export { ActDecisions, type ActingSession } from './rules/act-decisions';

export { AcceptsGrant, AccountPlane } from './rules/account-plane';
export {
  AccountActs,
  accountOperations,
  botsOf,
  foundingEnvironmentOf,
  presented,
  tooLow,
} from './rules/account-acts.service';
export type { AccountAct } from './rules/account-rules';
export { AccountModule } from './account.module';
export { AddsToMe } from './dto/me.response';
export { revealedFieldsInUse } from './reveals/revealed-fields';
export { Separation } from './separation/separation';
export { ErasureCompletion } from './erasure/erasure-completion';
export { ErasureService } from './erasure/erasure.service';
export { LedgerAnswers, type LedgerList } from './ledger/ledger-answers';
export { LedgerComparison } from './ledger/ledger-comparison';
export { linkControllerOf } from './identities/identities.controller';
export { OwnIdentitiesService } from './identities/own-identities.service';
export { AcceptJoinBody, AskedJoinResponse, type JoinRequestResponse } from './joins/join.dto';
export { JoinsService, type AskedJoin } from './joins/joins.service';
export { MergeResponse, MeResponse } from './dto/me.response';
export { MergeService, type Merger } from './merge.service';
export { RecentMerges } from './separation/recent-merges';
export { AccountService } from './account.service';
export {
  AuthenticatedViewer,
  CurrentViewer,
  type Caller as ViewingCaller,
} from './profiles/authenticated-viewer';
export { ProfilePatch } from './profiles/dto/profile.patch';
export { OwnProfileResponse, ShownFieldsResponse, UserResponse } from './profiles/dto/profile.response';
export { MAX_URL_LENGTH, readHttpsUrl } from './profiles/changes/read-change';
export { USERNAME } from './profiles/fields/username';
export { ReservedNames } from './profiles/fields/reserved-names';
export type { ShownProfile } from './profiles/profile';
export { toOwnProfileResponse, toShownFields, toUserResponse } from './profiles/profile.mapper';
export { ProfilesModule } from './profiles/profiles.module';
export { emptyProfile, MAX_OPENED, ProfilesService } from './profiles/profiles.service';
