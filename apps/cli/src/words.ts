import type { PrincipalStatus } from '@countersign/admin';
import type {
  BotStatus,
  Environment,
  IdentityProvider,
  PresetName,
  Provider,
  SignaturePolicy,
  Trust,
  WalletProvider,
} from '@countersign/applications';
import type { InvitationStatus } from '@countersign/invitations';
import type { ListingState } from '@countersign/listings';
import type { BetterScore, BoardRule, Calendar } from '@countersign/leaderboards';
import type { SendState } from '@countersign/sending';
import type { SessionState } from '@countersign/sessions';
import type { TeamState } from '@countersign/teams';
import type { UserStatus } from '@countersign/users';
import type { DeliveryState, ReplayedState } from '@countersign/webhooks';

/** All words of a closed set. The libs are not loaded for their lists: help would take seconds. */
function wordsOf<T extends string>(words: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(words) as T[];
}

export const presets = wordsOf<PresetName>({
  'mini-app': true,
  metapro: true,
  rapidpace: true,
  openweb3: true,
  xellar: true,
});
export const trusts = wordsOf<Trust>({ 'first-party': true, 'third-party': true });
export const providers = wordsOf<Provider>({ telegram: true, openweb3: true });
export const identityProviders = wordsOf<IdentityProvider>({
  telegram: true,
  openweb3: true,
  ethereum: true,
  ton: true,
});
export const walletProviders = wordsOf<WalletProvider>({ ethereum: true, ton: true });
export const environments = wordsOf<Environment>({ production: true, test: true });
export const signaturePolicies = wordsOf<SignaturePolicy>({ required: true, optional: true });
export const botStatuses = wordsOf<BotStatus>({ active: true, disabled: true, compromised: true });
export const sendStates = wordsOf<SendState>({
  broadcasting: true,
  mined: true,
  final: true,
  failed: true,
  replaced: true,
  'not-sent': true,
});
export const userStatuses = wordsOf<UserStatus>({ active: true, deactivated: true });
export const switches = wordsOf<'on' | 'off'>({ on: true, off: true });
export const principalStatuses = wordsOf<PrincipalStatus>({ active: true, disabled: true });
export const listingStates = wordsOf<ListingState>({ drafted: true, published: true, hidden: true });
export const sessionStates = wordsOf<SessionState>({ live: true, ended: true });
export const deliveryStates = wordsOf<DeliveryState>({ pending: true, delivered: true, failed: true });
export const replayedStates = wordsOf<ReplayedState>({
  failed: true,
  pending: true,
  missed: true,
  delivered: true,
});
export const teamStates = wordsOf<TeamState>({ active: true, deleted: true });
/** Fields of a team that can be removed, as the options name them. */
export const clearedTeamFields = ['description', 'logo', 'banner', 'website', 'link'] as const;
export const invitationStates = wordsOf<InvitationStatus>({
  open: true,
  'used-up': true,
  expired: true,
  revoked: true,
});
export const boardRules = wordsOf<BoardRule>({ best: true, last: true, sum: true });
export const betterScores = wordsOf<BetterScore>({ higher: true, lower: true });
export const boardCalendars = wordsOf<Calendar>({
  daily: true,
  weekly: true,
  monthly: true,
  'by-hand': true,
});
