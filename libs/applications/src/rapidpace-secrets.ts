import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { blindIndexes, KeyRing, open, seal, type Place, type Sealed } from '@countersign/crypto';
import { BLIND_INDEX, Database, firstRow, LostRace, rows } from '@countersign/database';
import { deriveRapidpaceKey } from '@countersign/rapidpace';
import { ApplicationDirectory } from './application-directory';
import { applicationError, rapidpaceSecretError } from './application.errors';
import { ApplicationsRepository } from './applications.repository';
import { RapidpaceSecretEntity } from './rapidpace-secret.entity';

const SECRET = /^[\x21-\x7e]{16,512}$/;
const CACHED_KEYS = 1_000;

/** With the application, and the batch of digests. */
const FIND_BY_DIGESTS = `
  SELECT d.secret_id AS "secretId" FROM (${BLIND_INDEX.unnest(2)}) AS known
  JOIN rapidpace_secret_digests d USING (${BLIND_INDEX.names}) WHERE d.application_id = $1 LIMIT 1`;
/** With the application, the secret, and the batch of digests. */
const INSERT_DIGESTS = `
  INSERT INTO rapidpace_secret_digests (application_id, secret_id, ${BLIND_INDEX.names})
  SELECT $1::uuid, $2::uuid, new.* FROM (${BLIND_INDEX.unnest(3)}) AS new ON CONFLICT DO NOTHING`;

export interface RapidpaceKey {
  readonly secretId: string;
  readonly key: KeyObject;
}

/** The secrets that Rapidpace signs an application's records with: several while one is being rotated. */
@Injectable()
export class RapidpaceSecrets {
  private readonly keys = new LRUCache<string, KeyObject>({ max: CACHED_KEYS });

  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Added again, a secret stays what it is.
   * @throws AppError application.not_found, rapidpace.invalid_secret
   */
  async add(applicationId: string, secret: string): Promise<{ secretId: string }> {
    if (!SECRET.test(secret)) throw rapidpaceSecretError('rapidpace.invalid_secret');
    await this.audit.prepare();
    const added = await this.database.transaction(async (tx) => {
      if (!(await this.applications.findById(tx, applicationId)))
        throw applicationError('application.not_found');
      const secretId = uuidv7();
      await tx.insert(RapidpaceSecretEntity, {
        id: secretId,
        applicationId,
        secret: seal(this.keyRing.active('sealing'), placeOf(secretId), secret),
        createdAt: this.clock.now(),
      });
      const known = await this.claim(tx, applicationId, secretId, secret);
      if (known !== secretId) {
        await tx.delete(RapidpaceSecretEntity, { id: secretId });
        return { secretId: known };
      }
      await this.audit.record(tx, 'rapidpace_secret.added', {
        actor: 'operator',
        applicationId,
        subject: secretId,
      });
      return { secretId };
    });
    this.directory.drop(applicationId);
    return added;
  }

  /** Oldest first, without the secrets themselves. @throws AppError application.not_found */
  async list(applicationId: string): Promise<readonly { secretId: string; createdAt: Date }[]> {
    return this.database.read(async (manager) => {
      if (!(await this.applications.findById(manager, applicationId)))
        throw applicationError('application.not_found');
      return rows(
        manager,
        `SELECT id AS "secretId", created_at AS "createdAt" FROM rapidpace_secrets
         WHERE application_id = $1 ORDER BY id`,
        [applicationId],
      );
    });
  }

  /** What it signed verifies no more. @throws AppError rapidpace.secret_not_found */
  async remove(applicationId: string, secretId: string): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      const removed = await firstRow(
        tx,
        'DELETE FROM rapidpace_secrets WHERE id = $1 AND application_id = $2 RETURNING true',
        [secretId, applicationId],
      );
      if (!removed) throw rapidpaceSecretError('rapidpace.secret_not_found');
      await this.audit.record(tx, 'rapidpace_secret.removed', {
        actor: 'operator',
        applicationId,
        subject: secretId,
      });
    });
    this.directory.drop(applicationId);
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
   * The ids of an application's secrets as they are, none of which goes until the transaction ends: memory may not have heard
   * yet that one was removed, and whoever revokes afterwards must find what it opened.
   */
  async lockAll(tx: EntityManager, applicationId: string): Promise<readonly string[]> {
    const kept = await rows<{ id: string }>(
      tx,
      'SELECT id FROM rapidpace_secrets WHERE application_id = $1 ORDER BY id FOR KEY SHARE',
      [applicationId],
    );
    return kept.map(({ id }) => id);
  }

  /** @returns the id that the secret has in the application: this one, unless it was there before. */
  private async claim(
    tx: EntityManager,
    applicationId: string,
    secretId: string,
    secret: string,
  ): Promise<string> {
    const digests = blindIndexes(this.keyRing, 'rapidpace_secrets.secret', [secret]);
    const columns = BLIND_INDEX.arraysOf(digests);
    const find = async (): Promise<string | null> => {
      const found = await firstRow<{ secretId: string }>(tx, FIND_BY_DIGESTS, [applicationId, ...columns]);
      return found?.secretId ?? null;
    };
    const known = await find();
    await tx.query(INSERT_DIGESTS, [applicationId, known ?? secretId, ...columns]);
    const winner = await find();
    if (winner === null) throw new LostRace();
    return winner;
  }

  private keyOf(id: string, sealed: Sealed): KeyObject {
    const cached = this.keys.get(sealed);
    if (cached) return cached;
    const key = deriveRapidpaceKey(open((keyId) => this.keyRing.find('sealing', keyId), placeOf(id), sealed));
    this.keys.set(sealed, key);
    return key;
  }
}

function placeOf(secretId: string): Place {
  return { table: 'rapidpace_secrets', column: 'secret', row: secretId };
}
