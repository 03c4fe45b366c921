import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { MayBeAbsent, MayBeRemoved } from '@countersign/http';

const MAX_LABEL_INPUT = 256;

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class WalletPatch {
  @ApiPropertyOptional({
    type: Boolean,
    enum: [true],
    description: 'Makes it the primary wallet instead of the one before.',
    example: true,
  })
  @MayBeAbsent()
  @IsIn([true])
  isPrimary?: true;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_LABEL_INPUT,
    description: 'A name for the person only: 1 to 64 characters, as people count them. `null` removes it.',
    example: 'Savings',
  })
  @MayBeRemoved()
  @IsString()
  @MaxLength(MAX_LABEL_INPUT)
  label?: string | null;
}
