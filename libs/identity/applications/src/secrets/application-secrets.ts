import { Injectable } from '@nestjs/common';
import type { EntityManager, Repository } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Database } from '@countersign/database';
import { type AuditAction } from '@countersign/events';
import { ApplicationDirectory } from '../application-directory';
import { applicationError } from '../application.errors';
import { ApplicationsRepository } from '../store/applications.repository';

/** What the tables of secrets have in common. */
interface StoredSecret {
  readonly id: string;
  readonly applicationId: string;
}

/** One secret of an application. */
interface SecretKey {
  readonly applicationId: string;
  readonly secretId: string;
}

/** What is recorded when a secret is removed, and thrown when there is none. */
interface Removal {
  readonly action: AuditAction;
  readonly notFound: () => Error;
}

/** Adds, lists and removes secrets of applications of any kind. */
@Injectable()
export class ApplicationSecrets {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param insert answers the id that the secret has, and whether the application did not have it before
   * @throws AppError application.not_found
   */
  async add(
    applicationId: string,
    action: AuditAction,
    insert: (tx: EntityManager) => Promise<{ secretId: string; isNew: boolean }>,
  ): Promise<{ secretId: string }> {
    const added = await this.database.transaction(async (tx) => {
      await this.assertExists(tx, applicationId);
      const { secretId, isNew } = await insert(tx);
      if (isNew) await this.record(tx, action, { applicationId, secretId });
      return { secretId };
    });
    this.directory.drop(applicationId);
    return added;
  }

  /** @throws AppError application.not_found */
  async list<Listed>(
    applicationId: string,
    find: (manager: EntityManager) => Promise<Listed>,
  ): Promise<Listed> {
    return this.database.read(async (manager) => {
      await this.assertExists(manager, applicationId);
      return find(manager);
    });
  }

  /** @throws what `notFound` makes */
  async remove(
    secrets: Repository<StoredSecret>,
    key: SecretKey,
    { action, notFound }: Removal,
  ): Promise<void> {
    const { applicationId, secretId } = key;
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.withRepository(secrets).delete({ id: secretId, applicationId });
      if (affected !== 1) throw notFound();
      await this.record(tx, action, key);
    });
    this.directory.drop(applicationId);
  }

  private async assertExists(manager: EntityManager, applicationId: string): Promise<void> {
    if (!(await this.applications.findById(manager, applicationId)))
      throw applicationError('application.not_found');
  }

  private async record(
    tx: EntityManager,
    action: AuditAction,
    { applicationId, secretId }: SecretKey,
  ): Promise<void> {
    const act = { actor: operator(), applicationId, subject: secretId };
    if (action === 'client_secret.added' || action === 'client_secret.removed')
      await this.audit.record(tx, action, { ...act, event: { applicationId, secretId } });
    else await this.audit.record(tx, action, act);
  }
}
