import { Injectable } from '@nestjs/common';
import { type EntityManager, QueryFailedError } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database, newRow, lockRow } from '@countersign/database';
import { readHttpsUrl, ReservedNames } from '@countersign/account';
import type { Principal } from '@countersign/sessions';
import { auditActorOf, BY_OPERATOR, type TeamActor } from '../team-records';
import { changedFields, readTeamFields } from '../team-fields';
import { TeamAccess } from '../access/team-access';
import { teamError } from '../teams.errors';
import { teamPermissions } from '../team-roles';
import { UsersService } from '@countersign/users';
import type { ListingPatch, ListingPlatformRequest } from './dto/listing.request';
import { listingError } from './listings.errors';
import { ListingEntity, type Listing, type PlatformOfListing } from './store/listing.entity';
import { ListingsRepository } from './store/listings.repository';
import type { FieldError } from '@countersign/text';
import { requestError } from '@countersign/http';
import { listingEvents } from './listings.feature';

/** Names, texts and links follow the rules of teams: see `readTeamFields`. */
function readListingFields({
  category,
  platforms,
  state: _,
  ...shown
}: ListingPatch): Partial<ListingEntity> {
  return {
    ...readTeamFields(shown),
    ...(category === undefined ? {} : { category }),
    ...(platforms === undefined ? {} : { platforms: readPlatforms(platforms) }),
  };
}

function readPlatforms(input: readonly ListingPlatformRequest[]): readonly PlatformOfListing[] {
  const errors: FieldError[] = [];
  const read = input.map(({ platform, url = null }, index) => {
    const shown = url === null ? null : readHttpsUrl(url);
    if (url !== null && shown === null)
      errors.push({
        path: `platforms.${index}.url`,
        code: 'https_url',
        detail: 'must be an https URL of a public name',
      });
    if (input.findIndex((other) => other.platform === platform) !== index)
      errors.push({
        path: `platforms.${index}.platform`,
        code: 'duplicate',
        detail: 'must not be in the list twice',
      });
    return { platform, url: shown };
  });
  if (errors.length > 0) throw requestError('request.invalid', { fields: errors });
  return read;
}

type NewListing = Pick<ListingEntity, 'applicationId' | 'key' | 'name' | 'teamId'>;

@Injectable()
export class ListingChanges {
  constructor(
    private readonly database: Database,
    private readonly listings: ListingsRepository,
    private readonly applications: ApplicationsService,
    private readonly access: TeamAccess,
    private readonly reservedNames: ReservedNames,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Serves members of the team. The same change again changes nothing. */
  async change(caller: Principal, teamId: string, listingId: string, patch: ListingPatch): Promise<Listing> {
    const fields = readListingFields(patch);
    return this.changing(async (tx) => {
      const { actor } = await this.access.assertPermission(tx, caller, teamId, teamPermissions.listingChange);
      const listing = await this.lock(tx, listingId);
      if (listing.teamId !== teamId) throw listingError('listing.not_found');
      await this.setFields(tx, listing, fields, actor);
      if (patch.state !== undefined) await this.setPublished(tx, listing, patch.state === 'published', actor);
    }, listingId);
  }

  /** Creates a draft for an operator. */
  async create({ applicationId, key, teamId, name }: NewListing): Promise<Listing> {
    await this.applications.getById(applicationId);
    const now = this.clock.now();
    const listing = newRow(ListingEntity, {
      ...{ ...readTeamFields({ name }), id: uuidv7(), applicationId, teamId, key },
      createdAt: now,
      updatedAt: now,
    });
    this.assertNotReserved(listing.name);
    return this.changing(async (tx) => {
      await this.lockTeam(tx, applicationId, teamId);
      await tx.insert(ListingEntity, listing);
      await this.record(tx, listing, 'created', BY_OPERATOR);
    }, listing.id);
  }

  /** Gives the listing to a team for an operator. A listing without a team is a draft that no one can publish. */
  async assign(listingId: string, teamId: string | null): Promise<Listing> {
    return this.changing(async (tx) => {
      // The team is locked before the listing, as in changes by members.
      const found = await this.get(tx, listingId);
      await this.lockTeam(tx, found.applicationId, teamId);
      const listing = await this.lock(tx, listingId);
      if (teamId === null) await this.setPublished(tx, listing, false, BY_OPERATOR);
      if (listing.teamId === teamId) return;
      await tx.update(ListingEntity, { id: listingId }, { teamId, updatedAt: this.clock.now() });
      const details = { fields: 'teamId', ...(teamId === null ? {} : { teamId }) };
      await this.record(tx, listing, 'changed', BY_OPERATOR, details);
    }, listingId);
  }

  private async changing(work: (tx: EntityManager) => Promise<void>, listingId: string): Promise<Listing> {
    try {
      return await this.database.transaction(async (tx) => {
        await work(tx);
        return this.get(tx, listingId);
      });
    } catch (error) {
      throw takenOf(error);
    }
  }

  private async record(
    tx: EntityManager,
    { id, applicationId }: Pick<ListingEntity, 'id' | 'applicationId'>,
    change: keyof typeof listingEvents,
    actor: TeamActor,
    details: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.audit.record(tx, listingEvents[change], {
      actor: await auditActorOf(tx, this.users, actor),
      applicationId,
      subject: id,
      details,
      event: { listingId: id, applicationId },
    });
  }

  private async setFields(
    tx: EntityManager,
    listing: ListingEntity,
    fields: Partial<ListingEntity>,
    actor: TeamActor,
  ): Promise<void> {
    const changed = changedFields(listing, fields);
    if (changed.length === 0) return;
    if (changed.includes('name')) this.assertNotReserved(fields.name ?? '');
    await tx.update(ListingEntity, { id: listing.id }, { ...fields, updatedAt: this.clock.now() });
    await this.record(tx, listing, 'changed', actor, { fields: changed.join(' ') });
  }

  private async setPublished(
    tx: EntityManager,
    { id, applicationId, publishedAt }: ListingEntity,
    isPublished: boolean,
    actor: TeamActor,
  ): Promise<void> {
    if (isPublished === (publishedAt !== null)) return;
    await tx.update(ListingEntity, { id }, { publishedAt: isPublished ? this.clock.now() : null });
    await this.record(tx, { id, applicationId }, isPublished ? 'published' : 'withdrawn', actor);
  }

  private async lock(tx: EntityManager, listingId: string): Promise<ListingEntity> {
    const listing = await lockRow(tx, ListingEntity, { id: listingId });
    if (!listing) throw listingError('listing.not_found');
    return listing;
  }

  private async get(tx: EntityManager, id: string): Promise<Listing> {
    const listing = await this.listings.find(tx, { id });
    if (!listing) throw listingError('listing.not_found');
    return listing;
  }

  private async lockTeam(tx: EntityManager, applicationId: string, teamId: string | null): Promise<void> {
    if (teamId === null) return;
    const team = await this.access.lockTeam(tx, teamId);
    if (team?.applicationId !== applicationId) throw teamError('team.not_found');
  }

  private assertNotReserved(name: string): void {
    if (this.reservedNames.hasAlike(name)) throw listingError('listing.name_reserved');
  }
}

const TAKEN: Readonly<Record<string, Parameters<typeof listingError>[0]>> = {
  uq_listings_application: 'listing.application_listed',
  uq_listings_key: 'listing.key_taken',
  uq_listings_name: 'listing.name_taken',
};

/** Returns the refusal of a duplicate, or else the error itself. */
function takenOf(error: unknown): unknown {
  const { constraint = '' } =
    error instanceof QueryFailedError ? (error.driverError as { readonly constraint?: string }) : {};
  const code = TAKEN[constraint];
  return code === undefined ? error : listingError(code);
}
