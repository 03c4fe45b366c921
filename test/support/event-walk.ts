import { eventTypeNames, type EventType } from '@countersign/events';
import { expectRecorded, rowsOf, useStage, type SomeWays } from './audit-trail';
import { waysOfEvents } from './event-ways';
import { expectTold } from './told-events';

/** Where an audited action and its event have different names. */
const eventOf: Readonly<Record<string, EventType>> = { 'profile.changed': 'user.profile_changed' };

/** About webhooks and the blocks of the audit trail: their own specs perform them. */
const ofOthers = eventTypeNames.filter((type) => type.startsWith('webhook.') || type === 'audit.signed');

/** Performs acts for a subscriber of all events. */
export function describeEvents(ways: SomeWays, { isComplete }: { readonly isComplete: boolean }): void {
  describe('the events', () => {
    const stage = useStage();
    const told = new Set<EventType>(ofOthers);
    const isEvent = (name: string): name is EventType => (eventTypeNames as readonly string[]).includes(name);

    it.each(rowsOf(ways))(
      'tell what %s, %s, changes, and nothing else, as the audit trail does',
      async (action, _, way) => {
        const { cleanUp, ...act } = await way(stage);
        const actions: string[] = [];
        const types = await expectTold({
          ...act,
          ...(cleanUp && { cleanUp }),
          perform: async () => {
            const records = await expectRecorded(act);
            actions.push(...records.map((record) => record.action));
            return records;
          },
        });
        expect(actions).toContain(action);

        const type = eventOf[action] ?? action;
        expect(isEvent(type) ? types : []).toEqual(isEvent(type) ? expect.arrayContaining([type]) : []);
        for (const each of types) told.add(each);
      },
    );

    it.each(waysOfEvents)('tell of %s, %s', async (type, _, way) => {
      expect(await expectTold(await way(stage))).toContain(type);
      told.add(type);
    });

    if (isComplete)
      it('are all performed here', () => {
        expect(eventTypeNames.filter((type) => !told.has(type))).toEqual([]);
      });
  });
}
