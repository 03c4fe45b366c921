import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { type AuditedEvent, AuditService, isPublic, operator } from '@countersign/audit';
import { Database } from '@countersign/database';
import { ApplicationDirectory } from '../application-directory';
import { applicationError } from '../application.errors';
import { ApplicationEntity } from '../store/application.entity';

/** Adds, lists and removes secrets of any kind. Their rows have `id` and `applicationId`. */
@Injectable()
export class ApplicationSecrets {
  constructor(
    private readonly database: Database,
    private readonly directory: ApplicationDirectory,
    private readonly audit: AuditService,
  ) {}

  /** @param insert returns the id of the secret, and whether it is new */
  async add(
    applicationId: string,
    event: AuditedEvent,
    insert: (tx: EntityManager) => Promise<{ secretId: string; isNew: boolean }>,
  ): Promise<{ secretId: string }> {
    return this.database.transaction(async (tx) => {
      await assertExists(tx, applicationId);
      const { secretId, isNew } = await insert(tx);
      if (isNew) await this.record(tx, event, applicationId, secretId);
      return { secretId };
    });
  }

  /** Oldest first. */
  async list<Row extends ObjectLiteral>(
    entity: EntityTarget<Row>,
    applicationId: string,
  ): Promise<readonly Row[]> {
    return this.database.read(async (manager) => {
      await assertExists(manager, applicationId);
      const query = manager.createQueryBuilder(entity, 'secret');
      return query.where({ applicationId }).orderBy('secret.id', 'ASC').getMany();
    });
  }

  /** @param notFound the error if the application has no such secret */
  async remove(
    entity: EntityTarget<ObjectLiteral>,
    { applicationId, secretId }: { readonly applicationId: string; readonly secretId: string },
    event: AuditedEvent,
    notFound: Error,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.delete(entity, { id: secretId, applicationId });
      if (affected !== 1) throw notFound;
      await this.record(tx, event, applicationId, secretId);
    });
  }

  private async record(tx: EntityManager, event: AuditedEvent, applicationId: string, secretId: string) {
    this.directory.drop(tx, applicationId);
    const record = { actor: operator(), applicationId, subject: secretId };
    if (isPublic(event))
      await this.audit.record(tx, event, { ...record, event: { applicationId, secretId } });
    else await this.audit.record(tx, event, record);
  }
}

async function assertExists(manager: EntityManager, id: string): Promise<void> {
  if (!(await manager.existsBy(ApplicationEntity, { id }))) throw applicationError('application.not_found');
}
