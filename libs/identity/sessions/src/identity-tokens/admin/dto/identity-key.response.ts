import { Id, Instant, ListOf, OneOf, toResponse } from '@countersign/http';
import {
  identityKeyAlgorithms,
  identityKeyStates,
  type IdentityKeyAlgorithm,
  type IdentityKeyState,
} from '../../keys/identity-key';
import type { ListedIdentityKey } from '../../keys/identity-keys';

export class IdentityKeyResponse {
  @Id('Names the key in what it signs.')
  kid: string;

  @OneOf(identityKeyAlgorithms, 'What it signs with.', 'ES256')
  algorithm: IdentityKeyAlgorithm;

  @OneOf(
    identityKeyStates,
    '`pending`: published, and signs later. `retiring`: another one signs; what it signed may still be alive.',
    'signing',
    { name: 'IdentityKeyState' },
  )
  state: IdentityKeyState;

  @Instant('When it was made.')
  createdAt: string;

  @Instant('From when on it signs, until a later one does.')
  signsFromAt: string;

  static of(key: ListedIdentityKey): IdentityKeyResponse {
    return toResponse(IdentityKeyResponse, { ...key, signsFromAt: key.signsFrom });
  }
}

export class IdentityKeysResponse {
  @ListOf(IdentityKeyResponse, 'Those that sign latest first.')
  items: readonly IdentityKeyResponse[];
}
