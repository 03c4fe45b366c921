import { IntersectionType, PickType } from '@nestjs/swagger';
import { ExactlyOneOf, Flag, OneOf, Text } from '@countersign/http';
import { WalletSignIn } from '../proofs/dto/wallet-challenge.dto';

const MAX_LABEL_INPUT = 256;

export class WalletLinkOptions {
  @Flag(
    'Whether the wallet is linked, to sign in: asks for a step-up for `account.link`. Not for a contract wallet.',
    true,
    { input: 'optional' },
  )
  canSignIn?: boolean;
}

@ExactlyOneOf('signature', 'tonProof')
export class WalletLinkRequest extends IntersectionType(
  PickType(WalletSignIn, ['challengeId', 'signature', 'tonProof']),
  WalletLinkOptions,
) {}

/** A JSON merge patch (RFC 7396). */
export class WalletPatch {
  @OneOf([true], 'Makes it the primary wallet instead of the one before.', true, { input: 'optional' })
  isPrimary?: true;

  @Text(
    'A name for the person only: 1 to 64 characters, as people count them. `null` removes it.',
    'Savings',
    { input: 'removable', max: MAX_LABEL_INPUT },
  )
  label?: string | null;
}
