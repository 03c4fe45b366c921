import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationSecrets, type Application } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { KeyRing, sealedText, type Sealed } from '@countersign/crypto';
import { Database, Secret } from '@countersign/database';
import { Digests } from '@countersign/keys';
import { deriveRapidpaceKey } from '@countersign/proofs';
import { rapidpaceError } from '../rapidpace.errors';
import { rapidpaceEvents } from '../rapidpace.feature';

const sealedSecret = sealedText('rapidpace_secrets', 'secret');
const SECRET = /^[\x21-\x7e]{16,512}$/;

/** A secret that Rapidpace signs with. Several secrets are valid during a rotation. */
@Entity('rapidpace_secrets')
export class RapidpaceSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

export interface RapidpaceKey {
  readonly secretId: string;
  readonly key: KeyObject;
}

@Injectable()
export class RapidpaceSecrets {
  /** A changed application is a new object. A trigger makes each change of its secrets a change of it. */
  private readonly keys = new WeakMap<Application, readonly RapidpaceKey[]>();

  constructor(
    private readonly digests: Digests,
    private readonly secrets: ApplicationSecrets,
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** Adding a secret twice stores it once. */
  async add(applicationId: string, secret: string): Promise<{ secretId: string }> {
    if (!SECRET.test(secret)) throw rapidpaceError('rapidpace.invalid_secret');
    return this.secrets.add(applicationId, rapidpaceEvents.secretAdded, async (tx) => {
      const wantedId = uuidv7();
      await tx.insert(RapidpaceSecretEntity, {
        id: wantedId,
        applicationId,
        secret: sealedSecret.seal(this.keyRing, wantedId, secret),
        createdAt: this.clock.now(),
      });
      const ofKind = { kind: 'rapidpace-secret', owners: 'rapidpace_secrets' };
      const secretId = await this.digests.claim(tx, ofKind, wantedId, [applicationId, secret]);
      const isNew = secretId === wantedId;
      if (!isNew) await tx.delete(RapidpaceSecretEntity, { id: wantedId });
      return { secretId, isNew };
    });
  }

  /** Lists the oldest secret first, without the texts of the secrets. */
  async list(applicationId: string): Promise<readonly { secretId: string; createdAt: Date }[]> {
    const found = await this.secrets.list(RapidpaceSecretEntity, applicationId);
    return found.map(({ id, createdAt }) => ({ secretId: id, createdAt }));
  }

  /** Signatures of a removed secret no longer verify. */
  async remove(applicationId: string, secretId: string): Promise<void> {
    const notFound = rapidpaceError('rapidpace.secret_not_found');
    const key = { applicationId, secretId };
    await this.secrets.remove(RapidpaceSecretEntity, key, rapidpaceEvents.secretRemoved, notFound);
  }

  /** Returns the secrets of an application as keys, from memory. The list is empty if Rapidpace may not sign for it. */
  async keysOf(application: Application): Promise<readonly RapidpaceKey[]> {
    const known = this.keys.get(application);
    if (known) return known;
    const found = await this.database.read((manager) =>
      manager.find(RapidpaceSecretEntity, { where: { applicationId: application.id }, order: { id: 'ASC' } }),
    );
    const keys = found.map(({ id, secret }) => ({
      secretId: id,
      key: deriveRapidpaceKey(sealedSecret.open(this.keyRing, id, secret)),
    }));
    this.keys.set(application, keys);
    return keys;
  }

  /**
   * Locks the secrets until the transaction ends and returns their ids. The memory may have missed a removal, and a
   * later revocation must find the sessions that open here.
   */
  async lockAll(tx: EntityManager, applicationId: string): Promise<readonly string[]> {
    const found = await tx.find(RapidpaceSecretEntity, {
      select: { id: true },
      where: { applicationId },
      order: { id: 'ASC' },
      lock: { mode: 'for_key_share' },
    });
    return found.map(({ id }) => id);
  }
}
