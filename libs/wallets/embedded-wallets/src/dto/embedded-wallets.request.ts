import { ObjectOf, OneOf, TakesLines, TakesValuesUpTo, Text } from '@countersign/http';
import { actNames, type ActName } from '../acts/acts';
import { wantedConsents, type WantedConsent } from '../consents/wallet-consents.service';
import { embeddedChains, type EmbeddedChain } from '../own/embedded-wallets.service';

const tokenActs = actNames.filter((act) => act !== 'export');
const signingNames = tokenActs.filter((act) => act !== 'send');
type SigningName = Exclude<ActName, 'export' | 'send'>;
/** Typed data with lists. */
const MAX_VALUES = 5_000;

export class CreateEmbeddedWalletRequest {
  @OneOf(embeddedChains, 'One key signs on all chains of Ethereum’s kind.', 'evm', { input: 'required' })
  chain: EmbeddedChain;
}

/** An act, and what it is about. */
@TakesLines()
@TakesValuesUpTo(MAX_VALUES)
export class WalletTokenRequest {
  @OneOf(tokenActs, 'What the wallet is to do.', 'sign-message', { input: 'required' })
  act: Exclude<ActName, 'export'>;

  @Text('CAIP-2: the chain that it is for. Needed but for TON.', 'eip155:1', {
    input: 'optional',
    max: 40,
  })
  chainId?: string;

  @ObjectOf(
    true,
    '`sign-message`: `message`, `encoding` (`text`, `hex`). `sign-typed-data`: `typedData`. `sign-transaction`: `transaction`. `ton-proof`: `domain`, `payload`. `ton-data`: `domain`, `data`. `send`: what `sendFromWallet` takes.',
    { message: 'Hello', encoding: 'text' },
    { input: 'optional' },
  )
  request?: Record<string, unknown>;
}

export class WalletConsentRequest {
  @OneOf(wantedConsents, 'What the person is asked for.', 'export', { input: 'required' })
  kind: WantedConsent;
}

@TakesLines()
@TakesValuesUpTo(MAX_VALUES)
export class SignRequest {
  @Text('From `createWalletToken`: good for one act of this session.', 'cs_wt_...', {
    input: 'required',
    max: 256,
  })
  walletToken: string;

  @OneOf(signingNames, 'As the token was asked for.', 'sign-message', { input: 'required' })
  act: SigningName;

  @Text('As the token was asked for.', 'eip155:1', { input: 'optional', max: 40 })
  chainId?: string;

  @ObjectOf(
    true,
    'As the token was asked for.',
    { message: 'Hello', encoding: 'text' },
    { input: 'required' },
  )
  request: Record<string, unknown>;
}
