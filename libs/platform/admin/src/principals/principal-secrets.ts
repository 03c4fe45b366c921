import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { plusSeconds } from '@countersign/clock';
import { tokenDigest } from '@countersign/crypto';
import { invalidField } from '@countersign/http';
import type { PrincipalSecretEntity } from './principal-secret.entity';

const SECRET_BYTES = 32;
const DAY_SECONDS = 86_400;
const DEFAULT_DAYS = 90;
const MAX_DAYS = 366;

export interface NewPrincipalSecret {
  readonly name: string;
  /** Within a year; after 90 days by default. */
  readonly expiresAt?: Date;
}

/** A secret that is shown once. */
export interface IssuedSecret {
  readonly secretId: string;
  readonly clientSecret: string;
  readonly expiresAt: Date;
}

/** A random secret, and its row. @throws AppError request.invalid when it would last for more than a year */
export function newSecret(
  { name, expiresAt }: NewPrincipalSecret,
  made: Pick<PrincipalSecretEntity, 'principalId' | 'issuedBy' | 'createdAt'>,
): { readonly row: PrincipalSecretEntity; readonly issued: IssuedSecret } {
  const end = expiresAt ?? plusSeconds(made.createdAt, DEFAULT_DAYS * DAY_SECONDS);
  if (end > plusSeconds(made.createdAt, MAX_DAYS * DAY_SECONDS))
    throw invalidField('expiresAt', 'max', 'must be within a year');
  const clientSecret = `cs_ps_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const [id, digest] = [uuidv7(), tokenDigest(clientSecret)];
  return {
    row: { ...made, id, name, digest, expiresAt: end, lastUsedAt: null },
    issued: { secretId: id, clientSecret, expiresAt: end },
  };
}
