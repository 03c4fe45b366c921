import { randomBytes } from 'node:crypto';
import { ListingChanges, ListingsService } from '@countersign/teams';
import { signInPerson, type PersonSession } from './person-session';
import { aTeam } from './teams';
import type { Demo, TestApp } from './test-app';

/** The answer of a listing, as far as tests read it. */
export interface ListingBody {
  readonly listingId: string;
  readonly key: string;
  readonly [field: string]: unknown;
}

/** An application with a listing, and the owner of its team. */
export interface ListedApplication {
  readonly demo: Demo;
  readonly applicationId: string;
  readonly owner: PersonSession;
  readonly teamId: string;
  readonly listingId: string;
  readonly key: string;
  readonly name: string;
  /** Of members of the team. */
  readonly path: string;
}

/** A key, or a name, that no other listing has. */
export function aKey(): string {
  return `k-${randomBytes(8).toString('hex').replaceAll(/[01]/g, 'x')}`;
}

/** An application of its own with a draft, or with a published listing that has these fields. */
export async function aListing(app: TestApp, fields: object | null = null): Promise<ListedApplication> {
  const demo = await app.createApplication();
  const owner = await signInPerson(app, demo);
  const { teamId } = await aTeam(owner);
  const { applicationId } = demo;
  const [key, name] = [aKey(), `Game ${aKey()}`];
  const { id } = await app.nest.get(ListingChanges).create({ applicationId, key, name, teamId });
  const listed = {
    demo,
    applicationId,
    owner,
    teamId,
    listingId: id,
    key,
    name,
    path: `/v1/teams/${teamId}/listings/${id}`,
  };
  if (fields) await patchListing(listed, { state: 'published', ...fields });
  return listed;
}

/** By the owner of the team. */
export async function patchListing({ owner, path }: ListedApplication, patch: object): Promise<ListingBody> {
  const answer = await owner.patch(path, patch);
  if (answer.status !== 200) throw new Error(`the listing was not changed: ${answer.text}`);
  return answer.body as ListingBody;
}

/** The listing of an application, written by this team from now on. */
export async function listingOfTeam(app: TestApp, applicationId: string, teamId: string): Promise<string> {
  const changes = app.nest.get(ListingChanges);
  const keyset = { limit: 1, afterId: null };
  const [found] = await app.nest.get(ListingsService).listInAnyState({ applicationId }, keyset);
  const { id } = found
    ? await changes.assign(found.id, teamId)
    : await changes.create({ applicationId, key: aKey(), name: aKey(), teamId });
  return id;
}
