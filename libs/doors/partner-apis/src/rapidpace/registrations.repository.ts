import { Injectable } from '@nestjs/common';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import { DAY, SECOND } from '@countersign/runtime';
import { Database, Expires } from '@countersign/database';
import { HasAccountData, type AccountData, type ExportedRows, type FoundUser } from '@countersign/users';

/** Any signed link of the player is valid for this long after a registration, in seconds. */
export const REGISTRATION_SECONDS = (365 * DAY) / SECOND;

/** The time at which Rapidpace registered a player. The row moves with its identity, and is erased with it. */
@Entity('rapidpace_registrations')
@Expires({
  at: 'registeredAt',
  after: REGISTRATION_SECONDS,
  data: 'registrations by Rapidpace',
  stored: 'a year',
})
export class RapidpaceRegistrationEntity {
  @PrimaryColumn({ type: 'uuid' })
  identityId: string;

  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'timestamptz' })
  registeredAt: Date;
}

@Injectable()
@HasAccountData('others')
export class RegistrationsRepository implements AccountData {
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'rapidpaceRegistrations',
      meaning: 'The applications for which Rapidpace registered the person as a player, and when.',
      retention: 'A year, or until the Telegram identity leaves the account or the account is erased.',
      sql: `SELECT identity_id::text || application_id AS cursor, identity_id, application_id, registered_at
        FROM rapidpace_registrations JOIN identities ON identities.id = identity_id WHERE user_id = $1`,
    },
  ];

  constructor(private readonly database: Database) {}

  /** A repeated call writes nothing. */
  async register(
    tx: EntityManager,
    { identityId }: FoundUser,
    { registeredAt, applicationId }: Omit<RapidpaceRegistrationEntity, 'identityId'>,
  ): Promise<void> {
    const key = { identityId, applicationId };
    const known = await tx.findOneBy(RapidpaceRegistrationEntity, key);
    if (known && known.registeredAt >= registeredAt) return;
    await tx.upsert(RapidpaceRegistrationEntity, { ...key, registeredAt }, ['identityId', 'applicationId']);
  }

  async find(key: Omit<RapidpaceRegistrationEntity, 'registeredAt'>): Promise<Date | null> {
    const found = await this.database.read((manager) => manager.findOneBy(RapidpaceRegistrationEntity, key));
    return found?.registeredAt ?? null;
  }
}
