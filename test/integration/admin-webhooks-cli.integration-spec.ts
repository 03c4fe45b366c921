import { randomUUID } from 'node:crypto';
import { useCountersign } from '../support/run-countersign';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Webhook {
  readonly endpointId: string;
  readonly secretId: string;
  readonly [field: string]: unknown;
}

const CREATE = 'webhook create --name crm --url https://hooks.example.com/x';

describe('webhooks at the command line', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const countersign = useCountersign(app);

  it('are made, listed, shown and changed', async () => {
    const made = await countersign.json<Webhook>(
      `${CREATE} --type user.erased --type user.merged --application ${demo.applicationId}`,
    );
    const { endpointId } = made;
    expect(made).toMatchObject({
      types: ['user.erased', 'user.merged'],
      applicationIds: [demo.applicationId],
      secret: expect.stringMatching(/^whsec_/) as string,
    });

    const all = `webhook set ${endpointId} --all-types --all-applications --name next`;
    expect(await countersign.json(all)).toMatchObject({
      types: ['*'],
      applicationIds: null,
      name: 'next',
    });
    expect(await countersign.json(`webhook show ${endpointId}`)).toMatchObject({
      endpointId,
      name: 'next',
    });
    expect(await countersign.lines('webhook list')).toMatchObject([{ endpointId }]);
    const { output } = await countersign.run('webhook list');
    expect(output).toMatch(new RegExp(`^endpoint +status +name +url\n${endpointId} +active +next `));
  });

  it('have secrets, of which only new ones are shown', async () => {
    const { output } = await countersign.run(`${CREATE} --all-types`);
    const endpointId = /^Endpoint (\S+)$/m.exec(output)?.[1] ?? '';
    expect(output).toMatch(/^whsec_\S+ \(shown once\)$/m);
    const added = await countersign.run(`webhook add-secret ${endpointId}`);
    expect(added.output).toMatch(/^whsec_\S+ \(shown once\)$/m);
  });

  it('are tested, and delivered to again', async () => {
    const { endpointId } = await countersign.json<Webhook>(`${CREATE} --all-types`);
    const { eventId } = await countersign.json<{ eventId: string }>(`webhook test ${endpointId}`);
    const list = `webhook deliveries ${endpointId}`;
    expect(await countersign.lines(list)).toMatchObject([{ eventId, state: 'pending' }]);
    await app.database.query(
      `UPDATE webhook_deliveries SET state = 'failed', attempts = 10, finished_at = now()`,
    );
    expect(await countersign.lines(`${list} --state pending`)).toEqual([]);

    const range = '--from 2020-01-01T00:00:00Z --before 2099-01-01T00:00:00Z';
    const replay = `webhook replay ${endpointId}`;
    expect(await countersign.json(`${replay} ${range} --state delivered`)).toEqual({ replayed: 0 });
    expect(await countersign.json(`${replay} ${range}`)).toEqual({ replayed: 1 });
    expect(await countersign.json(`${list} --event ${eventId}`)).toMatchObject({
      eventId,
      state: 'pending',
      attemptCount: 0,
      attempts: [],
    });
    const { output } = await countersign.run(`${list} --event ${eventId}`);
    expect(output).toMatch(/^attempted +outcome +status +ms$/m);
  });

  it.each([
    [CREATE, '--all-types'],
    [`${CREATE} --type user.erased --all-types`, '--all-types'],
    [`${CREATE} --type user.vanished`, 'types'],
    [`${CREATE} --all-types --url http://127.0.0.1/`, 'WEBHOOK_ALLOWED_TARGETS'],
    [`${CREATE} --all-types --application ${randomUUID()}`, 'application'],
    [`webhook set ${randomUUID()}`, '--name'],
    [`webhook show ${randomUUID()}`, 'no such webhook endpoint'],
    [`webhook show x`, '<endpointId> must be a UUID.'],
    [`webhook replay ${randomUUID()}`, '--event'],
    [`webhook replay ${randomUUID()} --event ${randomUUID()} --state failed`, '--event'],
    [`webhook replay ${randomUUID()} --state failed`, '--from'],
    [`webhook deliveries ${randomUUID()} --state lost`, '--state'],
  ])('are refused: %s', async (words, sentence) => {
    expect(await countersign.failure(words)).toContain(sentence);
  });
});
