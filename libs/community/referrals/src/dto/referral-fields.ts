import { ApiProperty } from '@nestjs/swagger';
import { Id, Integer } from '@countersign/http';

/** Fields of referrals that several classes have. */
export function ReferredLevelField(): PropertyDecorator {
  return Integer('1 for people whom the person referred.', 1, { min: 1, max: 10 });
}

export function ReferrerLevelField(): PropertyDecorator {
  return Integer('1 for the referrer of the account.', 1, { min: 1, max: 10 });
}

export function ReferrerIdField(): PropertyDecorator {
  return Id('The account; `null` after its erasure.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', {
    nullable: true,
  });
}

export function FractionField(): PropertyDecorator {
  return ApiProperty({
    type: Number,
    nullable: true,
    description: 'The fraction of a reward for this level, by the settings; `null` where they name none.',
    example: 0.1,
  });
}
