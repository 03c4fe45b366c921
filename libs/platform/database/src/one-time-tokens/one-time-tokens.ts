import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { Clock, plusSeconds } from '@countersign/runtime';
import {
  KeyRing,
  mintToken,
  openUnder,
  readToken,
  sealUnder,
  tokenDigest,
  unlessSealed,
} from '@countersign/crypto';
import { Database } from '../database';
import { insertIfNew } from '../statements/insert-if-new';
import { OneTimeTokenEntity } from './one-time-token.entity';

const TOKEN_BYTES = 32;

export interface OneTimeKind<Content extends object> {
  /** It is in the table, and in the context of the key that seals the content. */
  readonly name: string;
  /** For example `cs_rc`. */
  readonly prefix: string;
  readonly lifetimeSeconds: number;
  readonly content?: Content;
}

interface NewToken<Content> {
  readonly applicationId: string;
  readonly content: Content;
  readonly issuedAt?: Date;
}

interface FoundToken<Content> {
  readonly applicationId: string;
  readonly content: Content;
  readonly issuedAt: Date;
  readonly isExpired: boolean;
  readonly isUsed: boolean;
}

type Row = Pick<OneTimeTokenEntity, 'applicationId' | 'expiresAt'> & { readonly content: Buffer | null };

/** Another service issued the token. It is stored when it is used. */
interface ForeignToken {
  readonly kind: string;
  readonly id: string;
  readonly expiresAt: Date;
}

/** Tokens that are used once. The token seals the content, and only its digest is stored, so a dump opens nothing. */
@Injectable()
export class OneTimeTokens {
  constructor(
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** @param confirm runs before the insert, in its transaction: its error stops the issue */
  async issue<Content extends object>(
    { name, prefix, lifetimeSeconds }: OneTimeKind<Content>,
    { applicationId, content, issuedAt = this.clock.now() }: NewToken<Content>,
    confirm?: ((tx: EntityManager) => Promise<void>) | null,
  ): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const token = mintToken(this.keyRing, prefix, randomBytes(TOKEN_BYTES));
    const digest = tokenDigest(token);
    const associatedData = associatedDataOf(applicationId, digest);
    const plain = Buffer.from(JSON.stringify(content));
    const sealed = sealUnder(Buffer.from(token), purposeOf(name), plain, associatedData);
    const expiresAt = plusSeconds(issuedAt, lifetimeSeconds);
    await this.database.transaction(async (tx) => {
      await confirm?.(tx);
      const row = { kind: name, digest, applicationId, content: sealed, expiresAt, usedAt: null };
      await tx.insert(OneTimeTokenEntity, row);
    });
    return { token, expiresAt };
  }

  /** Finds a token in any state, without using it. `null` for an unknown token. */
  async find<Content extends object>(
    kind: OneTimeKind<Content>,
    token: string,
  ): Promise<FoundToken<Content> | null> {
    if (!this.isOurs(kind, token)) return null;
    const key = keyOf(kind, token);
    const row = await this.database.read((manager) => manager.findOneBy(OneTimeTokenEntity, key));
    return row && this.opened(kind, token, row, row.usedAt !== null);
  }

  /** Uses a token in its own transaction: it stays used if the caller fails. @param check its error leaves it unused */
  async use<Content extends object>(
    kind: OneTimeKind<Content>,
    token: string,
    check?: (found: FoundToken<Content>) => void,
  ): Promise<FoundToken<Content> | null> {
    if (!this.isOurs(kind, token)) return null;
    const key = keyOf(kind, token);
    return this.database.transaction(async (tx) => {
      const first = await this.rowOfFirstUse(tx, key);
      const row = first ?? (await tx.findOneBy(OneTimeTokenEntity, key));
      const found = row && this.opened(kind, token, row, first === null);
      if (found) check?.(found);
      return found;
    });
  }

  /** Uses a token in the caller's transaction. Waits for a simultaneous use. @returns whether it was unused */
  async consume(tx: EntityManager, kind: OneTimeKind<object>, token: string): Promise<boolean> {
    const unused = { ...keyOf(kind, token), usedAt: IsNull() };
    const { affected } = await tx.update(OneTimeTokenEntity, unused, { usedAt: this.clock.now() });
    return affected === 1;
  }

  /** Uses a foreign token in the caller's transaction. Waits for a simultaneous use. @returns whether it was unused */
  async consumeForeign(tx: EntityManager, { kind, id, expiresAt }: ForeignToken): Promise<boolean> {
    const usedAt = this.clock.now();
    const row = { kind, digest: tokenDigest(id), applicationId: null, content: null, expiresAt, usedAt };
    return insertIfNew(tx, OneTimeTokenEntity, row, 'kind');
  }

  async isForeignUsed({ kind, id }: ForeignToken): Promise<boolean> {
    const digest = tokenDigest(id);
    return this.database.read((manager) => manager.existsBy(OneTimeTokenEntity, { kind, digest }));
  }

  async cancel(tx: EntityManager, { name: kind }: OneTimeKind<object>, applicationId: string): Promise<void> {
    const unused = { kind, applicationId, usedAt: IsNull() };
    await tx.update(OneTimeTokenEntity, unused, { usedAt: this.clock.now() });
  }

  /** Waits for a simultaneous use. `null` for an unknown or used token. */
  private async rowOfFirstUse(tx: EntityManager, key: ReturnType<typeof keyOf>): Promise<Row | null> {
    const used = await tx
      .createQueryBuilder()
      .update(OneTimeTokenEntity)
      .set({ usedAt: this.clock.now() })
      .where({ ...key, usedAt: IsNull() })
      .returning(['applicationId', 'content', 'expiresAt'])
      .execute();
    const [row] = used.raw as { application_id: string; content: Buffer; expires_at: Date }[];
    return row
      ? { applicationId: row.application_id, content: row.content, expiresAt: row.expires_at }
      : null;
  }

  private isOurs({ prefix }: OneTimeKind<object>, token: string): boolean {
    return readToken(this.keyRing, prefix, TOKEN_BYTES, token) !== null;
  }

  private opened<Content extends object>(
    { name, lifetimeSeconds }: OneTimeKind<Content>,
    token: string,
    { applicationId, content: sealed, expiresAt }: Row,
    isUsed: boolean,
  ): FoundToken<Content> | null {
    if (applicationId === null || sealed === null) return null;
    const associatedData = associatedDataOf(applicationId, tokenDigest(token));
    const bytes = unlessSealed(() => openUnder(Buffer.from(token), purposeOf(name), sealed, associatedData));
    return (
      bytes && {
        applicationId,
        content: JSON.parse(bytes.toString('utf8')) as Content,
        issuedAt: plusSeconds(expiresAt, -lifetimeSeconds),
        isExpired: expiresAt <= this.clock.now(),
        isUsed,
      }
    );
  }
}

function keyOf({ name: kind }: OneTimeKind<object>, token: string): { kind: string; digest: Buffer } {
  return { kind, digest: tokenDigest(token) };
}

function purposeOf(kind: string): string {
  return `countersign/${kind}/v1`;
}

function associatedDataOf(applicationId: string, digest: Buffer): string {
  return `${applicationId}/${digest.toString('hex')}`;
}
