import { ApiProperty } from '@nestjs/swagger';
import { identityKeyAlgorithms, identityKeyStates } from '../../keys/identity-key';
import type { IdentityKeyAlgorithm, IdentityKeyState } from '../../keys/identity-key';
import type { ListedIdentityKey } from '../../keys/identity-keys';

const KID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';

/** A key of identity tokens, without its private half. */
export class IdentityKeyResponse {
  @ApiProperty({ format: 'uuid', description: 'Names the key in what it signs.', example: KID })
  kid: string;

  @ApiProperty({
    enum: [...identityKeyAlgorithms],
    description: 'What it signs with.',
    example: 'ES256',
  })
  algorithm: IdentityKeyAlgorithm;

  @ApiProperty({
    enum: [...identityKeyStates],
    enumName: 'IdentityKeyState',
    description:
      '`pending`: published, and signs later. `retiring`: another one signs; what it signed may still be alive.',
    example: 'signing',
  })
  state: IdentityKeyState;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was made.',
    example: '2026-11-02T09:30:00.000Z',
  })
  createdAt: string;

  @ApiProperty({
    format: 'date-time',
    description: 'From when on it signs, until a later one does.',
    example: '2026-11-02T09:40:00.000Z',
  })
  signsFromAt: string;

  static of({ kid, algorithm, state, createdAt, signsFrom }: ListedIdentityKey): IdentityKeyResponse {
    return {
      kid,
      algorithm,
      state,
      createdAt: createdAt.toISOString(),
      signsFromAt: signsFrom.toISOString(),
    };
  }
}

export class IdentityKeysResponse {
  @ApiProperty({ type: [IdentityKeyResponse], description: 'Those that sign latest first.' })
  items: readonly IdentityKeyResponse[];
}
