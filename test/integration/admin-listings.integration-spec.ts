import { randomUUID } from 'node:crypto';
import { expectProblem } from '../support/expect-problem';
import { aKey, aListing, type ListingBody } from '../support/listings';
import { anOperator } from '../support/operator';
import { aTeam } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const LISTINGS = '/v1/admin/listings';

describe('listings for operators', () => {
  const app = useTestApp();
  const operator = useFixture(() => anOperator(app));

  it('are created once, as drafts', async () => {
    const { applicationId } = await app.createApplication();
    const wanted = { applicationId, key: aKey(), name: `  Owls ${aKey()} ` };
    const create = () => operator.post(LISTINGS, wanted);

    const [first, again] = [await create(), await create()];

    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ ...wanted, name: wanted.name.trim(), state: 'drafted', teamId: null });
    expectProblem(again, 409, 'listing.application_listed');
    const { listingId } = first.body as ListingBody;
    expect((await operator.get(`${LISTINGS}/${listingId}`)).body).toEqual(first.body);
    expectProblem(
      await operator.post(LISTINGS, { ...wanted, key: aKey(), name: aKey() }),
      409,
      'listing.application_listed',
    );
  });

  it('are refused with a code for each reason', async () => {
    const taken = await aListing(app);
    const { applicationId } = await app.createApplication();
    const wanted = { applicationId, key: aKey(), name: aKey() };
    for (const [change, status, code] of [
      [{ key: taken.key }, 409, 'listing.key_taken'],
      [{ name: taken.name.toUpperCase() }, 409, 'listing.name_taken'],
      [{ name: 'Administrator' }, 409, 'listing.name_reserved'],
      [{ applicationId: randomUUID() }, 404, 'application.not_found'],
      [{ teamId: taken.teamId }, 404, 'team.not_found'],
      [{ key: 'ab' }, 400, 'request.invalid'],
      [{ key: '-ab' }, 400, 'request.invalid'],
      [{ key: randomUUID() }, 400, 'request.invalid'],
      [{ key: 'Owls' }, 400, 'request.invalid'],
      [{ key: 'x'.repeat(33) }, 400, 'request.invalid'],
      [{ name: 'a\u202eb' }, 400, 'request.invalid'],
      [{ name: 'x' }, 400, 'request.invalid'],
      [{ state: 'published' }, 400, 'request.unknown_field'],
    ] as const)
      expectProblem(await operator.post(LISTINGS, { ...wanted, ...change }), status, code);
  });

  it('are assigned to a team', async () => {
    const listed = await aListing(app);
    const path = `${LISTINGS}/${listed.listingId}`;
    const { teamId } = await aTeam(listed.owner);

    expect((await operator.patch(path, { teamId })).body).toMatchObject({ teamId });
    expectProblem(await listed.owner.patch(listed.path, { category: 'x' }), 404, 'listing.not_found');
    const now = `/v1/teams/${teamId}/listings/${listed.listingId}`;
    expect((await listed.owner.patch(now, { state: 'published' })).status).toBe(200);
    expect((await operator.patch(path, {})).body).toMatchObject({ teamId, state: 'published' });
    expect((await operator.patch(path, { teamId: null })).body).toMatchObject({
      teamId: null,
      state: 'drafted',
    });
  });
});
