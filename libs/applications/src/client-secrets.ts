import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { equalsConstantTime, tokenDigest } from '@countersign/crypto';
import { Database, firstRow, rows } from '@countersign/database';
import { hasControlCharacter } from '@countersign/text';
import { ApplicationDirectory } from './application-directory';
import { applicationError } from './application.errors';
import { ApplicationsRepository } from './applications.repository';
import { clientSecretError } from './client-secret.errors';
import { ClientSecretEntity } from './client-secret.entity';

const SECRET_BYTES = 32;
const LONGEST_NAME = 200;

/** A client secret as an operator sees it. */
export interface ListedClientSecret {
  readonly secretId: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** So many random bits that a plain digest of it is enough at rest. */
export function mintClientSecret(): string {
  return `cs_cs_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The secrets that an application's own servers authenticate with: several while one is being replaced. */
@Injectable()
export class ClientSecrets {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the secret too: it is shown once and kept as a digest.
   * @throws AppError application.not_found, client_secret.invalid_name
   */
  async add(applicationId: string, wantedName: string): Promise<{ secretId: string; clientSecret: string }> {
    const name = wantedName.trim();
    if (name === '' || name.length > LONGEST_NAME || hasControlCharacter(name))
      throw clientSecretError('client_secret.invalid_name');
    const [secretId, clientSecret] = [uuidv7(), mintClientSecret()];
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      if (!(await this.applications.findById(tx, applicationId)))
        throw applicationError('application.not_found');
      await tx.insert(ClientSecretEntity, {
        id: secretId,
        applicationId,
        name,
        digest: tokenDigest(clientSecret),
        createdAt: this.clock.now(),
      });
      await this.audit.record(tx, 'client_secret.added', {
        actor: 'operator',
        applicationId,
        subject: secretId,
      });
    });
    this.directory.drop(applicationId);
    return { secretId, clientSecret };
  }

  /** Oldest first, without the secrets themselves. @throws AppError application.not_found */
  async list(applicationId: string): Promise<readonly ListedClientSecret[]> {
    return this.database.read(async (manager) => {
      if (!(await this.applications.findById(manager, applicationId)))
        throw applicationError('application.not_found');
      return rows(
        manager,
        `SELECT id AS "secretId", name, created_at AS "createdAt" FROM client_secrets
         WHERE application_id = $1 ORDER BY id`,
        [applicationId],
      );
    });
  }

  /** Also the last one: then nobody can speak for the application. @throws AppError client_secret.not_found */
  async remove(applicationId: string, secretId: string): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      const removed = await firstRow(
        tx,
        'DELETE FROM client_secrets WHERE id = $1 AND application_id = $2 RETURNING true',
        [secretId, applicationId],
      );
      if (!removed) throw clientSecretError('client_secret.not_found');
      await this.audit.record(tx, 'client_secret.removed', {
        actor: 'operator',
        applicationId,
        subject: secretId,
      });
    });
    this.directory.drop(applicationId);
  }

  /** Whether the text is one of the application's secrets; false too where there is no such application. */
  async verify(applicationId: string, text: string): Promise<boolean> {
    const presented = tokenDigest(text);
    const known = await this.directory.get(applicationId);
    // All of them are compared, so that the time does not tell which one is nearly right.
    return (
      (known?.clientSecretDigests ?? []).filter((digest) => equalsConstantTime(digest, presented)).length > 0
    );
  }
}
