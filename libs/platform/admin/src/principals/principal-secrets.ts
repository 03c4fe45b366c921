import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { tokenDigest } from '@countersign/crypto';
import type { NewPrincipalSecret } from './principal';
import type { PrincipalSecretEntity } from './principal-secret.entity';

const SECRET_BYTES = 32;
/** The secret of a new person is for the first hour. */
export const ONE_TIME_SECONDS = 3_600;

/** A secret that is shown once. */
export interface IssuedSecret {
  readonly secretId: string;
  readonly clientSecret: string;
  readonly isOneTime: boolean;
  readonly expiresAt: Date | null;
}

/** A random secret, and its row. */
export function newSecret(
  { name, expiresAt = null, isOneTime = false }: NewPrincipalSecret,
  made: Pick<PrincipalSecretEntity, 'principalId' | 'issuedBy' | 'createdAt'>,
): { readonly row: PrincipalSecretEntity; readonly issued: IssuedSecret } {
  const clientSecret = `cs_ps_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const [id, digest] = [uuidv7(), tokenDigest(clientSecret)];
  return {
    row: { ...made, id, name, digest, isOneTime, expiresAt, lastUsedAt: null },
    issued: { secretId: id, clientSecret, isOneTime, expiresAt },
  };
}
