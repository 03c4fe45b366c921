import { InitialSchema1763600000000 } from './1763600000000-initial-schema';
import { EveryDoor1763700000000 } from './1763700000000-every-door';
import { AtTheGateway1763800000000 } from './1763800000000-at-the-gateway';
import { BotsThatAreGone1763900000000 } from './1763900000000-bots-that-are-gone';
import {
  OneIndexLess1764000000003,
  OwnIdentitiesIndex1764000000000,
  OwnIdentitiesOfAllSessions1764000000002,
  OwnIdentitiesOfNewSessions1764000000001,
} from './1764000000000-own-identities-of-sessions';
import { WhatServicesAreTold1764300000000 } from './1764300000000-what-services-are-told';
import { PairsOfTheirOwn1764300000001 } from './1764300000001-pairs-of-their-own';
import {
  AccountLevel1764400000000,
  AccountLevelChecks1764400000001,
  AttachedIdentitiesIndex1764400000002,
  SessionsOfAttachedIdentities1764400000003,
} from './1764400000000-account-level';
import {
  ApplicationsNotBefore1764500000000,
  KnownApplicationsNotBefore1764500000001,
} from './1764500000000-applications-not-before';
import { OwnProfiles1764600000000 } from './1764600000000-own-profiles';
import { Erasures1764700000000, ErasuresCheck1764700000001 } from './1764700000000-erasures';
import { RingKeys1764800000000 } from './1764800000000-ring-keys';
import { Principals1764900000000 } from './1764900000000-principals';
import { ListsOfPeople1764920000000 } from './1764920000000-lists-of-people';
import { RefusedRequests1765000000000 } from './1765000000000-refused-requests';
import { ListsOfApplicationsAndBots1765000100000 } from './1765000100000-lists-of-applications-and-bots';
import { SealedDigestsOfRequests1765000200000 } from './1765000200000-sealed-digests-of-requests';
import { EventsAndWebhooks1765100000000 } from './1765100000000-events-and-webhooks';
import { SealedAudit1765200000000 } from './1765200000000-sealed-audit';
import { LookupsAndApprovals1765300000000 } from './1765300000000-lookups-and-approvals';
import { Teams1765500000000 } from './1765500000000-teams';
import { MiniAppsOfBots1765500100000 } from './1765500100000-mini-apps-of-bots';
import { Invitations1765500100001 } from './1765500100001-invitations';
import { Referrals1765500200000 } from './1765500200000-referrals';
import { WalletChallenges1765600000000 } from './1765600000000-wallet-challenges';
import { Wallets1765600100000 } from './1765600100000-wallets';
import { WalletHistory1765600200000 } from './1765600200000-wallet-history';
import { TalliesOfWallets1765600300000 } from './1765600300000-tallies-of-wallets';
import { WalletBackFills1765600400000 } from './1765600400000-wallet-back-fills';
import { TokenNames1765600500000 } from './1765600500000-token-names';
import { EndsOfAuditDays1765600600000 } from './1765600600000-ends-of-audit-days';
import { Consent1765700000000 } from './1765700000000-consent';
import { IdentityMarks1765700200000 } from './1765700200000-identity-marks';
import { Separations1765700600000 } from './1765700600000-separations';
import { DelayedUnlinking1765700600001 } from './1765700600001-delayed-unlinking';
import { OriginsOfActs1765800200000 } from './1765800200000-origins-of-acts';
import { OriginsOfReferrals1765800200001 } from './1765800200001-origins-of-referrals';
import { OriginOfTheTrail1765800300000 } from './1765800300000-origin-of-the-trail';
import { CodesOfPrincipals1765800300001 } from './1765800300001-codes-of-principals';
import { OriginsOfPrincipals1765800310000 } from './1765800310000-origins-of-principals';
import { ApprovalOfExports1765800311000 } from './1765800311000-approval-of-exports';
import { ProofCutoffs1765800500000 } from './1765800500000-proof-cutoffs';
import { SecretsOfPrincipals1765800900000 } from './1765800900000-secrets-of-principals';
import { CodesOfRevealRequests1765800900001 } from './1765800900001-codes-of-reveal-requests';
import { UsesOfWallets1766000100000 } from './1766000100000-uses-of-wallets';
import { MetaproMessage1766000200000 } from './1766000200000-metapro-message';
import { KeysOfTonWallets1766000300000 } from './1766000300000-keys-of-ton-wallets';
import { StartsOfChains1766100000000 } from './1766100000000-starts-of-chains';
import { Listings1766200000000 } from './1766200000000-listings';
import { Leaderboards1766300000000 } from './1766300000000-leaderboards';
import { ChangesOfOwners1766400000000 } from './1766400000000-changes-of-owners';
import { RecomputedBlocks1766400000001 } from './1766400000001-recomputed-blocks';
import { EmbeddedWallets1766800000000 } from './1766800000000-embedded-wallets';
import { FrozenWallets1766810000000 } from './1766810000000-frozen-wallets';
import { DestroyedWallets1766820000000 } from './1766820000000-destroyed-wallets';
import { SettledWallets1769000000000 } from './1769000000000-settled-wallets';
import { WalletRecoveries1769100000000 } from './1769100000000-wallet-recoveries';
import { Sends1769300000000 } from './1769300000000-sends';
import { UsedTokensOfXellar1769500000000 } from './1769500000000-used-tokens-of-xellar';
import { RecoveredWallets1769600000000 } from './1769600000000-recovered-wallets';
import { SendLimits1795900000000 } from './1795900000000-send-limits';
import { WaitingSends1795910000000 } from './1795910000000-waiting-sends';
import { SendsOfTon1795920000000 } from './1795920000000-sends-of-ton';
import { RestoredSends1795930000000 } from './1795930000000-restored-sends';
import { StatesOfSends1795930000001 } from './1795930000001-states-of-sends';
import { ConsoleSessions1795950000000 } from './1795950000000-console-sessions';
import { Imports1796000007000 } from './1796000007000-imports';
import { CodesThatFreeze1796010000000 } from './1796010000000-codes-that-freeze';
import { RequestsOfStepUps1796020000000 } from './1796020000000-requests-of-step-ups';
import { GasOfSends1796030000000 } from './1796030000000-gas-of-sends';

/** All migrations, oldest first. One that has landed is never edited. */
export const migrations = [
  InitialSchema1763600000000,
  EveryDoor1763700000000,
  AtTheGateway1763800000000,
  BotsThatAreGone1763900000000,
  OwnIdentitiesIndex1764000000000,
  OwnIdentitiesOfNewSessions1764000000001,
  OwnIdentitiesOfAllSessions1764000000002,
  OneIndexLess1764000000003,
  WhatServicesAreTold1764300000000,
  PairsOfTheirOwn1764300000001,
  AccountLevel1764400000000,
  AccountLevelChecks1764400000001,
  AttachedIdentitiesIndex1764400000002,
  SessionsOfAttachedIdentities1764400000003,
  ApplicationsNotBefore1764500000000,
  KnownApplicationsNotBefore1764500000001,
  OwnProfiles1764600000000,
  Erasures1764700000000,
  ErasuresCheck1764700000001,
  RingKeys1764800000000,
  Principals1764900000000,
  ListsOfPeople1764920000000,
  RefusedRequests1765000000000,
  ListsOfApplicationsAndBots1765000100000,
  SealedDigestsOfRequests1765000200000,
  EventsAndWebhooks1765100000000,
  SealedAudit1765200000000,
  LookupsAndApprovals1765300000000,
  Teams1765500000000,
  MiniAppsOfBots1765500100000,
  Invitations1765500100001,
  Referrals1765500200000,
  WalletChallenges1765600000000,
  Wallets1765600100000,
  WalletHistory1765600200000,
  TalliesOfWallets1765600300000,
  WalletBackFills1765600400000,
  TokenNames1765600500000,
  EndsOfAuditDays1765600600000,
  Consent1765700000000,
  IdentityMarks1765700200000,
  Separations1765700600000,
  DelayedUnlinking1765700600001,
  OriginsOfActs1765800200000,
  OriginsOfReferrals1765800200001,
  OriginOfTheTrail1765800300000,
  CodesOfPrincipals1765800300001,
  OriginsOfPrincipals1765800310000,
  ApprovalOfExports1765800311000,
  ProofCutoffs1765800500000,
  SecretsOfPrincipals1765800900000,
  CodesOfRevealRequests1765800900001,
  UsesOfWallets1766000100000,
  MetaproMessage1766000200000,
  KeysOfTonWallets1766000300000,
  StartsOfChains1766100000000,
  Listings1766200000000,
  Leaderboards1766300000000,
  ChangesOfOwners1766400000000,
  RecomputedBlocks1766400000001,
  EmbeddedWallets1766800000000,
  FrozenWallets1766810000000,
  DestroyedWallets1766820000000,
  SettledWallets1769000000000,
  WalletRecoveries1769100000000,
  Sends1769300000000,
  UsedTokensOfXellar1769500000000,
  RecoveredWallets1769600000000,
  SendLimits1795900000000,
  WaitingSends1795910000000,
  SendsOfTon1795920000000,
  RestoredSends1795930000000,
  StatesOfSends1795930000001,
  ConsoleSessions1795950000000,
  Imports1796000007000,
  CodesThatFreeze1796010000000,
  RequestsOfStepUps1796020000000,
  GasOfSends1796030000000,
];
