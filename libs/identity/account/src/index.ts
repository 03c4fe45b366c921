import './account.feature';

export { IsReason } from './admin/dto/user.dto';
export { defineLookup } from './admin/dto/lookup.dto';
export type { KnownIdentities } from './admin/user-lookups.service';
export { accountError } from './account.errors';
export { carriesCode } from './step-up/one-time-code';
export { ActDecisions, type ActingSession } from './rules/act-decisions';
export { accountActs } from './rules/account-acts';
export {
  AccountActs,
  AccountPlane,
  botsOf,
  foundingEnvironmentOf,
  presented,
  stepUpRequired,
  tooLow,
  trailOf,
} from './rules/account-plane';
export type { AccountAct } from './rules/account-rules';
export { AccountModule } from './account.module';
export { UserActs } from './admin/user-acts.service';
export { AddsToMe } from './adds-to-me';
export { ProofFieldUpkeep } from './proof-field-upkeep';
export { defineRevealedFields, RevealsFields } from './reveals/revealed-fields';
export { DetachmentService } from './identities/detachment.service';
export { ErasureCompletion } from './erasure/erasure-completion';
export { ErasureService } from './erasure/erasure.service';
export { LedgerReplay } from './erasure/ledger-replay';
export { ErasureUpkeep } from './erasure/erasure-upkeep';
export { InstallationService, type InstallationSettings } from './installation.service';
export { linkControllerOf } from './identities/link.controller';
export { OwnIdentitiesService } from './identities/own-identities.service';
export { AcceptJoinBody, AskedJoinResponse, type JoinRequestResponse } from './joins/join.dto';
export type { AskedJoin } from './joins/joins.repository';
export { JoinsService } from './joins/joins.service';
export { MergeResponse } from './dto/merge.response';
export { MergeService, type Merger } from './merge.service';
export { StepUpRequests } from './step-up/step-up-requests.service';
export { AcceptsGrant } from './step-up/accepts-grant';
export { RecentMerges } from './separation/recent-merges';
export { MeResponse } from './dto/me.response';
export { AccountService } from './account.service';
