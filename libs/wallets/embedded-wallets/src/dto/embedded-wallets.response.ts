import { Count, Id, Nested, ObjectOf, OneOf, Text } from '@countersign/http';
import type { ActName } from '../acts/acts';
import type { ExportedWords, SignedAct, TonAccount } from '../acts/wallet-signing';
import type { ActDetails } from '../store/wallet-act-sealing';

const PATHS = { ethereum: "m/44'/60'/0'/0/0", ton: "m/44'/607'/0'" } as const;

const DETAILS =
  'What the signed bytes say, with sentences for the person in `summary`; `null` for an export.';
const EXAMPLE = { kind: 'message', text: 'Hello', summary: ['Sign the text of a message.'] };

export class WalletTokenResponse {
  @Text('Good for one act of this session.', 'cs_wt_...')
  walletToken: string;

  @Count('Seconds.', 60)
  expiresIn: number;

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

export class WalletWordsResponse {
  @Text(
    '12 words of BIP-39 in English, shown once. Anyone with these words controls the wallet.',
    'abandon abandon ...',
  )
  words: string;

  @OneOf(
    Object.values(PATHS),
    'The path of the key. Wallets of TON have other words by default: one that takes BIP-39 with this path (SLIP-10) is needed.',
    PATHS.ethereum,
  )
  path: string;
}

export function toSignature(act: ActName, { signature, ...signed }: SignedAct): SignatureResponse {
  const text = act.startsWith('ton-') ? signature.toString('base64') : `0x${signature.toString('hex')}`;
  return { ...signed, signature: text };
}

/** Overwrites the words; the text of the answer stays until it is collected. */
export function toWords({ words, provider }: ExportedWords): WalletWordsResponse {
  try {
    return { words: words.toString('latin1'), path: PATHS[provider] };
  } finally {
    words.fill(0);
  }
}
