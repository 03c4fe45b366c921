import { consentStates, type ConsentState, type WayOut } from '@countersign/custody-protocol';
import { Id, Instant, Nested, ObjectOf, OneOf, Text, toResponse, IdInPath } from '@countersign/http';
import { WalletResponse } from '@countersign/linked-wallets';
import { actKinds, type ActDetails, type ActKind } from '../acts/acts';
import type { OpenedAct } from '../acts/wallet-acts.service';
import type { SignedAct, TonAccount } from '../acts/wallet-signing';
import { embeddedChains, type EmbeddedChain } from '../own/embedded-wallets.service';

const DETAILS =
  'What the signed bytes say, with sentences for the person in `summary`; `null` where nothing is signed.';
const EXAMPLE = { kind: 'message', text: 'Hello', summary: ['Sign the text of a message.'] };

class WalletConsentResponse {
  @Text(
    'Opens the consent bot, where the person reads and accepts it.',
    'https://t.me/consent_bot?startapp=w_86Gh',
  )
  link: string;

  @Instant('Until when it can be accepted.')
  expiresAt: string;
}

export class ActResponse {
  @Id('The act. A send has this id, too.')
  actId: string;

  @OneOf(actKinds, 'What the wallet is to do.', 'sign-message')
  kind: ActKind;

  @OneOf(
    consentStates,
    '`open`: to be performed, or accepted first where it has a `consent`. `accepted`: by the person. `done`. `expired`.',
    'open',
  )
  state: ConsentState;

  @Instant('Until when it can be performed.')
  expiresAt: string;

  @Nested(WalletConsentResponse, 'What the person has to accept first. `null`: nothing.', { nullable: true })
  consent: WalletConsentResponse | null;

  @ObjectOf(true, DETAILS, EXAMPLE, { nullable: true })
  details: ActDetails;
}

export function toAct({ act, details }: OpenedAct, state: ConsentState): ActResponse {
  const consent = act.consent && toResponse(WalletConsentResponse, act.consent);
  return toResponse(ActResponse, { ...act, actId: act.id, state, consent, details });
}

class TonAccountResponse {
  @Text('Hex.', '5f0c...')
  publicKey: string;

  @Text('Base64.', 'te6cc...')
  walletStateInit: string;
}

/** The result of an act. For a send, it contains nothing that a page could use. */
export class SignatureResponse {
  @Id('The act.')
  actId: string;

  @Text(
    '`0x` and hex of 65 bytes (r, s, v), or base64 of 64 bytes for TON; `null` of a send.',
    '0x1f2e...1b',
    { nullable: true },
  )
  signature: string | null;

  @ObjectOf(true, DETAILS, EXAMPLE, { nullable: true })
  details: ActDetails;

  @Nested(TonAccountResponse, 'What sites verify it by, with `details.timestamp`; `null` for EVM.', {
    nullable: true,
  })
  ton: TonAccount | null;
}

export function toSignature({ signature, ...signed }: SignedAct): SignatureResponse {
  const text = signed.ton ? signature.toString('base64') : `0x${signature.toString('hex')}`;
  return { ...signed, signature: text };
}

export const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The embedded wallet.');

/** The codes of calls that ask custody for a wallet's state. */
export const OF_CUSTODY = ['wallet.embedded_off', 'wallet.key_missing', 'wallet.custody_unavailable'];

export class CreateEmbeddedWalletRequest {
  @OneOf(embeddedChains, 'One key signs on all chains of Ethereum’s kind.', 'evm', { input: 'required' })
  chain: EmbeddedChain;
}

export class EmbeddedWalletResponse extends WalletResponse {
  @Nested(
    ActResponse,
    'Binds the wallet to its person: what custody asks consent for is refused to a wallet that is not bound. The link is good for ten minutes; within a day after the wallet was made the same POST answers a new one. `null`: it is bound, or nobody can consent.',
    { nullable: true },
  )
  binding: ActResponse | null;
}

class RecipientsResponse {
  @Text('The wallet that asks, with its checksum (EIP-55).', '0x52908400098527886E0F7030069857D2E4169EE7')
  evm: string;

  @Text('Where what is on TON goes. `null`: nothing on TON leaves.', null, { nullable: true })
  ton: string | null;
}

class NextWayOutResponse {
  @Nested(RecipientsResponse, 'What was named.')
  to: RecipientsResponse;

  @Instant('When it becomes the way out. Until then a session or the person can stop it.')
  at: string;
}

class WayOutResponse {
  @Nested(RecipientsResponse, 'The way out. `null`: the first one waits.', { nullable: true })
  to: RecipientsResponse | null;

  @Nested(NextWayOutResponse, 'The one that waits. `null`: none does.', { nullable: true })
  next: NextWayOutResponse | null;

  @Instant('When the operator of custody can open it. `null`: it was not asked for.', null, {
    nullable: true,
  })
  readyAt: string | null;

  @Instant('When it was opened. `null`: it was not.', null, { nullable: true })
  openedAt: string | null;
}

export class StateOfAnyResponse {
  @Instant(
    'When the words were first shown: from then on the wallet may act without the service. `null` if never.',
    null,
    { nullable: true },
  )
  exportedAt: string | null;

  @Instant(
    'When a chain was first seen to have a transaction of it that the service did not send. `null`: none was seen.',
    null,
    { nullable: true },
  )
  usedElsewhereAt: string | null;

  @Instant('Since when custody signs nothing for it. `null`: it acts.', null, { nullable: true })
  frozenAt: string | null;
}

export class EmbeddedStateResponse extends StateOfAnyResponse {
  @Nested(WayOutResponse, 'For a person who lost Telegram. `null`: there is none.', { nullable: true })
  wayOut: WayOut | null;
}
