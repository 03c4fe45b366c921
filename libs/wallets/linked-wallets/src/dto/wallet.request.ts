import { Count, Flag, OneOf, Text } from '@countersign/http';

const MAX_LABEL_INPUT = 256;

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class WalletPatch {
  @OneOf([true], 'Makes it the primary wallet instead of the one before.', true, { input: 'optional' })
  isPrimary?: true;

  @Text(
    'A name for the person only: 1 to 64 characters, as people count them. `null` removes it.',
    'Savings',
    { input: 'removable', max: MAX_LABEL_INPUT },
  )
  label?: string | null;

  @Flag(
    'Whether a contract wallet signs in. `true` asks for a step-up, in a session of another identity; `false` ends its sessions.',
    true,
    { input: 'optional' },
  )
  signsIn?: boolean;

  @Count(
    'The `ownersChanges` that the person saw: sets `ownersChangedAt` back. Asks for what `signsIn` asks for.',
    1,
    { input: 'optional' },
  )
  ownersConfirmed?: number;
}
