import { ApiProperty } from '@nestjs/swagger';
import { Integer } from '@countersign/http';

/** Fields of referrals that several classes have. */
export function ReferredLevelField(): PropertyDecorator {
  return Integer('1 for people whom the person referred.', 1, { min: 1, max: 10 });
}

export function FractionField(): PropertyDecorator {
  return ApiProperty({
    type: Number,
    nullable: true,
    description: 'The fraction of a reward for this level, by the settings; `null` where they name none.',
    example: 0.1,
  });
}
