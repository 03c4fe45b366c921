import { consentStates, type ConsentState } from '@countersign/custody-client';
import { Count, Id, Instant, Nested, ObjectOf, OneOf, Text } from '@countersign/http';
import { WalletResponse } from '@countersign/linked-wallets';
import type { ActName } from '../acts/acts';
import type { SignedAct, TonAccount } from '../acts/wallet-signing';
import type { NeededConsent } from '../consents/needed-consent';
import type { ActDetails } from '../store/wallet-act-sealing';

const DETAILS = 'What the signed bytes say, with sentences for the person in `summary`.';
const EXAMPLE = { kind: 'message', text: 'Hello', summary: ['Sign the text of a message.'] };

export class WalletConsentResponse {
  @Text('Names it: 64 hex digits.', 'f3a1...')
  consentId: string;

  @Text(
    'Opens the consent bot, where the person reads and accepts it.',
    'https://t.me/consent_bot?startapp=w_86Gh',
  )
  link: string;

  @Instant('Until when it can be accepted.')
  expiresAt: string;
}

export class WalletConsentStateResponse {
  @OneOf(consentStates, '`done`: what was consented to is done, too.', 'open')
  state: ConsentState;
}

export class EmbeddedWalletResponse extends WalletResponse {
  @Nested(
    WalletConsentResponse,
    'Binds the wallet to its person: what custody asks consent for is refused to a wallet that is not bound. The link is good for ten minutes; within a day after the wallet was made the same POST answers a new one. `null`: it is bound, or nobody can consent.',
    { nullable: true },
  )
  binding: NeededConsent | null;
}

export class WalletTokenResponse {
  @Text('Good for one act of this session.', 'cs_wt_...')
  walletToken: string;

  @Count('Seconds: more where the person has to consent.', 60)
  expiresIn: number;

  @Nested(WalletConsentResponse, 'What the person has to consent to first. `null`: nothing.', {
    nullable: true,
  })
  consent: NeededConsent | null;

  @ObjectOf(true, DETAILS, EXAMPLE, { nullable: true })
  details: ActDetails;
}

class TonAccountResponse {
  @Text('Hex.', '5f0c...')
  publicKey: string;

  @Text('Base64.', 'te6cc...')
  walletStateInit: string;
}

export class SignatureResponse {
  @Id('The act, as the audit trail has it.')
  actId: string;

  @Text('`0x` and hex of 65 bytes (r, s, v), or base64 of 64 bytes for TON.', '0x1f2e...1b')
  signature: string;

  @ObjectOf(true, DETAILS, EXAMPLE, { nullable: true })
  details: ActDetails;

  @Nested(TonAccountResponse, 'What sites verify it by, with `details.timestamp`; `null` for EVM.', {
    nullable: true,
  })
  ton: TonAccount | null;
}

export function toSignature(act: ActName, { signature, ...signed }: SignedAct): SignatureResponse {
  const text = act.startsWith('ton-') ? signature.toString('base64') : `0x${signature.toString('hex')}`;
  return { ...signed, signature: text };
}
