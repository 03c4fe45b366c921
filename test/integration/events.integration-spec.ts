import { eventTypeNames, type EventType } from '@countersign/events';
import { rowsOf, useStage, type Ways } from '../support/audit-trail';
import { waysWithEvents } from '../support/audit-ways';
import { waysOfEvents } from '../support/event-ways';
import { expectTold } from '../support/told-events';

/** Where an audited action and its event have different names. */
const eventOf: Readonly<Record<string, EventType>> = { 'profile.changed': 'user.profile_changed' };

/** About webhooks and the blocks of the audit trail: their own specs perform them. */
const ofOthers = eventTypeNames.filter((type) => type.startsWith('webhook.') || type === 'audit.sealed');

describe('the events', () => {
  const stage = useStage();
  const told = new Set<EventType>(ofOthers);
  const isEvent = (name: string): name is EventType => (eventTypeNames as readonly string[]).includes(name);

  it.each(rowsOf(waysWithEvents as Partial<Ways> as Ways))(
    'tell what %s, %s, changes, and nothing else',
    async (action, _, way) => {
      const types = await expectTold(await way(stage));

      const type = eventOf[action] ?? action;
      expect(isEvent(type) ? types : []).toEqual(isEvent(type) ? expect.arrayContaining([type]) : []);
      for (const each of types) told.add(each);
    },
  );

  it.each(waysOfEvents)('tell of %s, %s', async (type, _, way) => {
    expect(await expectTold(await way(stage))).toContain(type);
    told.add(type);
  });

  it('are all performed here', () => {
    expect(eventTypeNames.filter((type) => !told.has(type))).toEqual([]);
  });
});
