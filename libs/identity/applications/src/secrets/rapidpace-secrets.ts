import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { Repository, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import { KeyRing, open, seal, type AssociatedData, type Sealed } from '@countersign/crypto';
import { Digests } from '@countersign/keys';
import { deriveRapidpaceKey } from '@countersign/rapidpace';
import { ApplicationDirectory } from '../application-directory';
import { rapidpaceSecretError } from '../application.errors';
import { ApplicationSecrets } from './application-secrets';
import { RapidpaceSecretEntity } from './rapidpace-secret.entity';

const SECRET = /^[\x21-\x7e]{16,512}$/;
const CACHED_KEYS = 1_000;

export interface RapidpaceKey {
  readonly secretId: string;
  readonly key: KeyObject;
}

/** The secrets that Rapidpace signs an application's records with: several while one is being rotated. */
@Injectable()
export class RapidpaceSecrets {
  private readonly keys = new LRUCache<string, KeyObject>({ max: CACHED_KEYS });

  constructor(
    @InjectRepository(RapidpaceSecretEntity)
    private readonly rapidpaceSecrets: Repository<RapidpaceSecretEntity>,
    private readonly digests: Digests,
    private readonly secrets: ApplicationSecrets,
    private readonly directory: ApplicationDirectory,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * Idempotent for the same secret.
   * @throws AppError application.not_found, rapidpace.invalid_secret
   */
  async add(applicationId: string, secret: string): Promise<{ secretId: string }> {
    return this.secrets.add(applicationId, 'rapidpace_secret.added', this.insertion(applicationId, secret));
  }

  /** Like `add`, in a transaction for which the audit trail is prepared. */
  async addWithin(tx: EntityManager, applicationId: string, secret: string): Promise<void> {
    await this.secrets.addWithin(
      tx,
      applicationId,
      'rapidpace_secret.added',
      this.insertion(applicationId, secret),
    );
  }

  private insertion(applicationId: string, secret: string) {
    if (!SECRET.test(secret)) throw rapidpaceSecretError('rapidpace.invalid_secret');
    return async (tx: EntityManager): Promise<{ secretId: string; isNew: boolean }> => {
      const wantedId = uuidv7();
      await tx.withRepository(this.rapidpaceSecrets).insert({
        id: wantedId,
        applicationId,
        secret: seal(this.keyRing.active('sealing'), aadOf(wantedId), secret),
        createdAt: this.clock.now(),
      });
      const secretId = await this.digests.of('rapidpace-secret').claim(tx, wantedId, [applicationId, secret]);
      const isNew = secretId === wantedId;
      if (!isNew) await tx.withRepository(this.rapidpaceSecrets).delete({ id: wantedId });
      return { secretId, isNew };
    };
  }

  /** Oldest first, without the secrets themselves. @throws AppError application.not_found */
  async list(applicationId: string): Promise<readonly { secretId: string; createdAt: Date }[]> {
    const found = await this.secrets.list(applicationId, () =>
      this.rapidpaceSecrets.find({
        select: { id: true, createdAt: true },
        where: { applicationId },
        order: { id: 'ASC' },
      }),
    );
    return found.map(({ id, createdAt }) => ({ secretId: id, createdAt }));
  }

  /** What it signed no longer verifies. @throws AppError rapidpace.secret_not_found */
  async remove(applicationId: string, secretId: string): Promise<void> {
    await this.secrets.remove(
      this.rapidpaceSecrets,
      { applicationId, secretId },
      {
        action: 'rapidpace_secret.removed',
        notFound: () => rapidpaceSecretError('rapidpace.secret_not_found'),
      },
    );
  }

  /** The secrets of an application as keys, from memory; none when Rapidpace may not sign for it. */
  async keysOf(applicationId: string): Promise<readonly RapidpaceKey[]> {
    const known = await this.directory.get(applicationId);
    return (known?.rapidpaceSecrets ?? []).map(({ id, secret }) => ({
      secretId: id,
      key: this.keyOf(id, secret),
    }));
  }

  /**
   * The ids of an application's secrets, locked until the transaction ends: a removal may not have reached
   * memory yet, and a later revocation must find the sessions opened here.
   */
  async lockAll(tx: EntityManager, applicationId: string): Promise<readonly string[]> {
    const found = await tx.withRepository(this.rapidpaceSecrets).find({
      select: { id: true },
      where: { applicationId },
      order: { id: 'ASC' },
      lock: { mode: 'for_key_share' },
    });
    return found.map(({ id }) => id);
  }

  private keyOf(id: string, sealed: Sealed): KeyObject {
    const cached = this.keys.get(sealed);
    if (cached) return cached;
    const key = deriveRapidpaceKey(open((keyId) => this.keyRing.find('sealing', keyId), aadOf(id), sealed));
    this.keys.set(sealed, key);
    return key;
  }
}

function aadOf(secretId: string): AssociatedData {
  return { table: 'rapidpace_secrets', column: 'secret', row: secretId };
}
